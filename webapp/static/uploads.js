// Files travel in portions: what was cut off goes on where it stopped. Without this file they come with their form.
"use strict";

{
  const PORTION = 256 * 1024, LONGEST = 2048, LARGEST = 25 * 1024 * 1024, PATIENCE = 2000;
  const IN_PORTIONS = "uploaded", CALLED = "uploaded_as";
  const under_way = new Set();

  const token = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches?.("input[type=file][name=source_upload]") || field.files.length === 0) return;
    event.stopImmediatePropagation();
    const coming = take(field).finally(() => under_way.delete(coming));
    under_way.add(coming);
  }, true);

  document.addEventListener("submit", (event) => {
    if (under_way.size === 0 || !event.target.querySelector("input[type=file]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    Promise.allSettled(under_way).then(() => again(target, submitter));
  }, true);

  function again(form, submitter) {
    const open = document.getElementById(form.id) || form;
    open.requestSubmit(submitter && open.contains(submitter) ? submitter : null);
  }

  async function take(field) {
    const place = field.closest("fieldset"), chosen = [...field.files], bar = progress(place);
    field.value = "";
    for (const file of chosen) {
      try {
        await send(place, file, bar);
      } catch {
        say(place, `${file.name}: ${place.dataset.notTaken}`);
      }
    }
    bar.remove();
    if (!place.querySelector(`[name=${IN_PORTIONS}]`)) return;
    const stored = new Promise((done) => {
      document.addEventListener("htmx:after:swap", done, { once: true });
      setTimeout(done, 30000);
    });
    field.dispatchEvent(new CustomEvent("uploaded"));
    await stored;
  }

  async function send(place, file, bar) {
    const sent = await smaller(file);
    if (sent.size > LARGEST) return say(place, `${file.name}: ${place.dataset.tooLarge}`);
    const id = crypto.randomUUID ? crypto.randomUUID() : made();
    await bring(id, sent, bar);
    hide(place, IN_PORTIONS, id);
    hide(place, CALLED, file.name);
  }

  function say(place, words) {
    const said = document.createElement("p");
    said.className = "error";
    said.setAttribute("role", "alert");
    said.textContent = words;
    place.append(said);
  }

  function made() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function progress(place) {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", place.querySelector("legend").textContent.trim());
    place.append(bar);
    return bar;
  }

  function hide(place, name, value) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    place.append(field);
  }

  async function bring(id, file, bar) {
    const address = `/files/${id}`;
    let offset = 0;
    while (offset < file.size) {
      try {
        const body = file.slice(offset, offset + PORTION);
        const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
        const answer = await fetch(`${address}?offset=${offset}`, { method: "PUT", body, headers });
        if (answer.ok) offset = Number(answer.headers.get("Upload-Offset"));
        else if (answer.status < 500) throw answer;
        else await pause();
      } catch (problem) {
        if (problem instanceof Response) throw problem;
        await pause();
        offset = await arrived(address, offset);
      }
      bar.value = offset / file.size;
    }
  }

  async function arrived(address, offset) {
    try {
      const answer = await fetch(address);
      return answer.ok ? Number(answer.headers.get("Upload-Offset")) : offset;
    } catch {
      return offset;
    }
  }

  const pause = () => new Promise((done) => {
    setTimeout(done, PATIENCE);
    window.addEventListener("online", done, { once: true });
  });

  // Photographs are made smaller here already, where the browser can: less has to travel. The server does it anyway.
  async function smaller(file) {
    if (!["image/jpeg", "image/webp"].includes(file.type)) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = LONGEST / Math.max(picture.width, picture.height);
      if (scale >= 1) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return made && made.size < file.size ? made : file;
    } catch {
      return file;
    }
  }
}
