// Quicker by keyboard; every page works without this file.
"use strict";

const typing = (element) => element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);

function press(key) {
  if (key === "/") return focusOn(document.querySelector("input[type=search]"));
  if (key === "?") return openDialog("keys");
  return activate(document.querySelector(`[data-key="${CSS.escape(key)}"]`));
}

function focusOn(field) {
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  return true;
}

function activate(element) {
  if (!element) return false;
  element.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeOpened(document);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (event.key.length === 1 && press(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) openDialog(opener.dataset.opens);
  closeOpened(event.target);
});

function closeOpened(where) {
  for (const opened of document.querySelectorAll("details[data-closes][open]")) {
    if (opened.contains(where)) continue;
    const held = opened.contains(document.activeElement);
    opened.open = false;
    if (where === document && held) opened.querySelector("summary").focus();
  }
}

document.addEventListener("htmx:after:swap", () => {
  const messages = document.getElementById("messages");
  if (!messages || messages.childElementCount === 0 || messages.dataset.seen === messages.textContent) return;
  messages.dataset.seen = messages.textContent;
  messages.focus();
});

// The form for a change: one at a time, and what was typed into it is not lost without a word.

let hasTyped = false;

const openForm = () => document.getElementById("change");

function tell(id, shown) {
  const notice = document.getElementById(id);
  if (notice) notice.hidden = !shown;
  if (notice && shown) notice.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", (event) => {
  if (!event.target.closest("#change-form")) return;
  hasTyped = true;
  document.getElementById("preview").classList.add("stale");
});

function openOnlyOne(event) {
  if (event.target.closest("#change .actions a")) hasTyped = false;
  if (!openForm() || !event.target.closest("a[hx-target^='#change-']")) return;
  if (!hasTyped) return openForm().remove();
  event.preventDefault();
  event.stopPropagation();
  tell("change-kept", true);
  openForm().querySelector("#organisation_name, #called, #occurred").focus();
}

document.addEventListener("click", openOnlyOne, true);

document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response.headers.get("HX-Redirect")) hasTyped = false;
  tell("change-away", false);
});

document.addEventListener("htmx:error", () => tell("change-away", true));

document.addEventListener("htmx:after:swap", () => {
  const preview = document.getElementById("preview");
  if (preview) preview.classList.remove("stale");
});

window.addEventListener("beforeunload", (event) => {
  if (hasTyped && openForm() && !isKept) event.preventDefault();
});

// What is typed is kept on the server; the sentence beside the buttons says when, or that it was not.

let isKept = false;

document.addEventListener("input", () => { isKept = false; });

document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (!sourceElement.matches(".draft-state")) return;
  isKept = response.raw.ok;
  if (response.raw.status === 401) sourceElement.textContent = sourceElement.dataset.ended;
});

document.addEventListener("htmx:error", (event) => {
  const state = event.detail.ctx.sourceElement;
  if (state.matches(".draft-state")) state.textContent = state.dataset.away;
});

document.addEventListener("htmx:after:swap", (event) => {
  const files = document.getElementById("source_files");
  if (files && event.detail.ctx.target.id === files.id) files.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("submit", (event) => {
  if (event.target.closest("#messages")) isKept = true;
});

// What the log form keeps on this device goes when somebody signs out.

const wipeDevice = () => window.indexedDB?.deleteDatabase("kronika");

document.addEventListener("submit", (event) => {
  if (new URL(event.target.action, location.href).pathname === "/sign-out") wipeDevice();
});

if (location.pathname === "/sign-in" && new URLSearchParams(location.search).has("out")) wipeDevice();

for (const scripted of document.querySelectorAll("[data-scripted]")) scripted.hidden = false;
