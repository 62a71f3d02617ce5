// The log form without a network: kept, sent as soon as there is one, and, if switched on, kept on this device, sealed.
"use strict";

{
  const AGAIN = [2000, 4000, 8000, 15000, 30000], AWAY = [502, 503, 504];
  const DATABASE = "kronika", UNKEPT = ["csrf_token", "source_upload"];
  const form = () => document.getElementById("log-form");
  let tries = 0, timer = null, hasChanged = false;

  // Kept, will send

  const isWaiting = () => form()?.dataset.waits === "yes";

  function wait() {
    const open = form();
    open.dataset.waits = "yes";
    open.querySelector(".log-fields").inert = true;
    const notice = document.getElementById("log-kept");
    if (notice.hidden) {
      notice.hidden = false;
      notice.focus();
    }
    clearTimeout(timer);
    timer = setTimeout(send, AGAIN[Math.min(tries++, AGAIN.length - 1)]);
    keepHere();
  }

  function release() {
    clearTimeout(timer);
    tries = 0;
    const open = form();
    if (!open) return;
    delete open.dataset.waits;
    open.querySelector(".log-fields").inert = false;
    document.getElementById("log-kept").hidden = true;
  }

  function send() {
    if (isWaiting()) form().requestSubmit();
  }

  window.addEventListener("online", () => setTimeout(send, 200));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx?.sourceElement === form() && form()) wait();
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!form() || sourceElement !== form()) return;
    if (AWAY.includes(response.raw.status)) return wait();
    if (response.raw.ok) forget(value("command_id"));
    hasChanged = false;
    release();
  });

  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-log]")?.dataset.log;
    if (asked === "send") send();
    if (asked === "change") release();
    const kind = event.detail > 0 && event.target.closest("#log-form .choice");
    if (kind && !value("title")) document.getElementById("log-title").focus();
  });

  // A closed tab takes the last second of typing along: it is sent while the page goes.

  document.addEventListener("input", (event) => {
    if (!event.target.closest("#log-form")) return;
    hasChanged = true;
    clearTimeout(keeping);
    keeping = setTimeout(keepHere, 300);
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!sourceElement.matches("#log-form .draft-state") || !response.raw.ok || isWaiting()) return;
    hasChanged = false;
    forget(value("command_id"));
  });

  window.addEventListener("pagehide", () => {
    const address = form()?.querySelector(".draft-state")?.getAttribute("hx-post");
    if (address && hasChanged) navigator.sendBeacon(address, new URLSearchParams(fields()));
  });

  window.addEventListener("beforeunload", (event) => {
    if (isWaiting() && !switchOf()?.checked) event.preventDefault();
  });

  const value = (name) => form()?.elements[name]?.value || "";

  function fields() {
    return [...new FormData(form())].filter(([name, given]) => name !== "source_upload" && typeof given === "string");
  }

  // Kept on this device: under a key that cannot be taken out of this browser, until it is sent or somebody signs out

  let keeping = null;
  const switchOf = () => document.getElementById("log-on-device");
  const canKeep = Boolean(window.crypto?.subtle && window.indexedDB);

  const done = (request) => new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });

  async function withStore(name, mode, work) {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => ["keys", "unsent"].forEach((each) => opening.result.createObjectStore(each));
    const database = await done(opening);
    database.onversionchange = () => database.close();
    try {
      return await work(database.transaction(name, mode).objectStore(name));
    } finally {
      database.close();
    }
  }

  const keyHere = () => withStore("keys", "readonly", (keys) => done(keys.get("log")));

  async function switchOn() {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await withStore("keys", "readwrite", (keys) => done(keys.put(key, "log")));
    await keepHere();
  }

  const wipe = () => done(indexedDB.deleteDatabase(DATABASE));

  async function keepHere() {
    clearTimeout(keeping);
    const open = form();
    if (!canKeep || !open || !switchOf()?.checked || !(hasChanged || isWaiting())) return;
    const key = await keyHere();
    if (!key) return;
    const told = { address: open.action, waits: isWaiting(), whose: value("whose"), fields: fields() };
    told.fields = told.fields.filter(([name]) => !UNKEPT.includes(name));
    const iv = crypto.getRandomValues(new Uint8Array(12)), id = value("command_id");
    const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(told)));
    await withStore("unsent", "readwrite", (unsent) => done(unsent.put({ iv, box }, id)));
  }

  async function forget(id) {
    if (canKeep && switchOf()?.checked && id) await withStore("unsent", "readwrite", (unsent) => done(unsent.delete(id)));
  }

  async function unsentHere(key) {
    const ids = await withStore("unsent", "readonly", (unsent) => done(unsent.getAllKeys()));
    const boxes = await withStore("unsent", "readonly", (unsent) => done(unsent.getAll()));
    return Promise.all(ids.map(async (id, n) => {
      const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: boxes[n].iv }, key, boxes[n].box);
      return [id, JSON.parse(new TextDecoder().decode(opened))];
    }));
  }

  // What was left here: sent if its author had pressed Save, and else a draft among the others.

  async function bringUp(key) {
    for (const [id, told] of await unsentHere(key)) {
      if (told.whose !== value("whose")) return wipe();
      const address = told.waits ? told.address : form().querySelector(".draft-state").getAttribute("hx-post");
      if (await accepts(address, told.fields) || (told.waits && await accepts("/drafts", told.fields))) {
        await forget(id);
        document.getElementById("log-left").hidden = false;
      }
    }
  }

  async function accepts(address, told) {
    try {
      const body = new URLSearchParams([...told, ["csrf_token", value("csrf_token")]]);
      return (await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } })).ok;
    } catch {
      return false;
    }
  }

  async function furnish(isFirst) {
    if (!form() || !canKeep) return;
    const device = form().querySelector(".log-device"), key = await keyHere();
    device.hidden = false;
    switchOf().checked = Boolean(key);
    if (key && isFirst) await bringUp(key);
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "log-on-device") event.target.checked ? switchOn() : wipe();
  });

  document.addEventListener("htmx:after:swap", () => furnish(false));
  furnish(true);
}
