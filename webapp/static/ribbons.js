// Choosing a day in the picture, by pointer or by keys, and going from mark to mark; the page works without this file.
"use strict";

const table = document.getElementById("ribbons");
const A_DAY = 24 * 60 * 60 * 1000;
const A_WHILE = 250; // milliseconds in which more keys may follow

function chooser(table) {
  const [first, last] = [Date.parse(table.dataset.first), Date.parse(table.dataset.last)];
  const axis = table.querySelector(".axis");
  const handle = document.getElementById("chosen");
  const language = document.documentElement.lang.replace(/^en$/, "en-GB"); // the day stands first, as on the page
  const written = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  const isNear = (last - first) / A_DAY <= 366;
  let chosen = Date.parse(table.dataset.on);
  let timer = 0;

  function show(day) {
    chosen = Math.min(last, Math.max(first, day));
    const share = (100 * (chosen - first)) / (last - first || 1);
    for (const shape of [document.getElementById("on"), ...handle.children]) place(shape, `${share}%`);
    for (const shape of [document.getElementById("on"), handle]) shape.removeAttribute("display");
    const words = handle.querySelector("text");
    words.textContent = written.format(chosen);
    words.setAttribute("text-anchor", share > 50 ? "end" : "start");
    words.setAttribute("dx", share > 50 ? -10 : 10);
    makeRoom();
    tell();
  }

  function makeRoom() {
    const words = handle.querySelector("text").getBoundingClientRect();
    for (const year of axis.querySelectorAll(":scope > text")) {
      const box = year.getBoundingClientRect();
      const isUnder = words.width && box.left < words.right + 4 && box.right > words.left - 4;
      year.setAttribute("visibility", isUnder ? "hidden" : "visible");
    }
  }

  function tell() {
    const inside = Math.min(last, Math.max(first, chosen));
    handle.setAttribute("aria-valuenow", Math.round((inside - first) / A_DAY));
    handle.setAttribute("aria-valuetext", written.format(inside));
  }

  function choose(day) {
    show(day);
    clearTimeout(timer);
    timer = setTimeout(ask, A_WHILE);
  }

  function ask() {
    const form = document.querySelector(".day-picker");
    form.elements.day.value = new Date(chosen).toISOString().slice(0, 10);
    form.requestSubmit();
  }

  function dayAt(event) {
    const box = axis.getBoundingClientRect();
    return first + Math.round(((last - first) * (event.clientX - box.left)) / box.width / A_DAY) * A_DAY;
  }

  function moved(key, isFar) {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[key];
    if (key === "Home") return first;
    if (key === "End") return last;
    if (!by) return null;
    if (key === "ArrowDown" || key === "ArrowUp") return chosen + by * A_DAY;
    if (isNear && !isFar) return chosen + by * A_DAY;
    return monthsLater(chosen, isFar && !isNear ? by * 12 : by);
  }

  handle.setAttribute("tabindex", "0");
  handle.setAttribute("role", "slider");
  handle.setAttribute("aria-label", axis.dataset.called);
  handle.setAttribute("aria-describedby", "picture-keys");
  handle.setAttribute("aria-valuemin", "0");
  handle.setAttribute("aria-valuemax", Math.round((last - first) / A_DAY));
  makeRoom();
  tell();
  addEventListener("resize", makeRoom);

  handle.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") openRoster();
    const day = moved(event.key, event.shiftKey);
    if (day !== null) choose(day);
    if (day !== null || event.key === "Enter" || event.key === " ") event.preventDefault();
  });
  axis.addEventListener("pointerdown", (event) => {
    axis.setPointerCapture(event.pointerId);
    show(dayAt(event));
  });
  axis.addEventListener("pointermove", (event) => {
    if (axis.hasPointerCapture(event.pointerId)) show(dayAt(event));
  });
  axis.addEventListener("pointerup", (event) => choose(dayAt(event)));
  table.tBodies[0].addEventListener("click", (event) => {
    if (event.target.closest(".ribbon") && !event.target.closest("a")) choose(dayAt(event));
  });
}

function place(shape, x) {
  for (const name of ["x", "cx", "x1", "x2"]) if (shape.hasAttribute(name)) shape.setAttribute(name, x);
}

function monthsLater(instant, count) {
  const day = new Date(instant);
  const later = new Date(instant);
  later.setUTCDate(1);
  later.setUTCMonth(later.getUTCMonth() + count);
  const longest = new Date(Date.UTC(later.getUTCFullYear(), later.getUTCMonth() + 1, 0)).getUTCDate();
  later.setUTCDate(Math.min(day.getUTCDate(), longest));
  return later.getTime();
}

function openRoster() {
  const roster = document.getElementById("day-roster");
  roster.open = true;
  roster.querySelector(".day-lines").focus();
}

// The roster of another day takes the place of the one that is being read.

function stayInside(roster) {
  let isRead = false;
  document.addEventListener("focusin", (event) => (isRead = roster.contains(event.target)));
  document.addEventListener("pointerdown", (event) => (isRead = roster.contains(event.target)));
  new MutationObserver(() => {
    const isLost = isRead && (!document.activeElement || document.activeElement === document.body);
    if (isLost) roster.querySelector(".day-lines")?.focus({ preventScroll: true });
  }).observe(roster, { childList: true });
}

function closeRoster(event) {
  if (event.key !== "Escape" || !event.currentTarget.open) return;
  event.currentTarget.open = false;
  document.getElementById("chosen").focus();
}

// One mark is reached by Tab, the others from it by arrows: left and right in its row, up and down to the nearest.

function walker(table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll(".ribbon a")]).filter((row) => row.length);
  if (rows.length) rows[0][0].setAttribute("tabindex", "0");

  function next(mark, key) {
    const n = rows.findIndex((row) => row.includes(mark));
    const place = rows[n].indexOf(mark);
    if (key === "ArrowLeft") return rows[n][place - 1];
    if (key === "ArrowRight") return rows[n][place + 1];
    if (key === "ArrowUp") return nearest(rows[n - 1], mark);
    if (key === "ArrowDown") return nearest(rows[n + 1], mark);
    return null;
  }

  table.addEventListener("keydown", (event) => {
    const mark = event.target.closest(".ribbon a");
    if (!mark || event.ctrlKey || event.metaKey || event.altKey || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const other = next(mark, event.key);
    if (!other) return;
    mark.setAttribute("tabindex", "-1");
    other.setAttribute("tabindex", "0");
    other.focus();
  });
  table.addEventListener("focusin", (event) => say(event.target.closest(".ribbon a")));
  table.addEventListener("focusout", () => say(null));
}

function say(mark) {
  const told = document.getElementById("mark-told");
  if (told) told.textContent = mark ? mark.querySelector("title").textContent : "";
}

function nearest(marks, mark) {
  const middle = (each) => each.getBoundingClientRect().left;
  const here = middle(mark);
  return marks?.reduce((best, each) => (Math.abs(middle(each) - here) < Math.abs(middle(best) - here) ? each : best));
}

if (table) {
  chooser(table);
  document.getElementById("day-roster").addEventListener("keydown", closeRoster);
  stayInside(document.getElementById("day-roster"));
  walker(table);
}
