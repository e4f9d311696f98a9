// What the page does while a person types. All HTML comes from the server; texts go into the page
// as text only.
"use strict";

const form = document.getElementById("ask");
const text = document.getElementById("text");
const columns = document.getElementById("columns");
const status = document.getElementById("status");
const dialog = document.getElementById("replay");
const PAUSE = 120; // ms without a key before the server is asked

let asked = 0; // answers may come out of order: only the last question counts
let timer = 0;

function tell(message, isError = false) {
  status.textContent = message;
  status.classList.toggle("error", isError);
}

async function answer(response) {
  const body = await response.text();
  if (!response.ok) throw new Error(body.slice(0, 400) || `the server said ${response.status}`);
  return body;
}

async function refresh() {
  const turn = ++asked;
  columns.classList.add("waiting");
  try {
    const body = new URLSearchParams(new FormData(form));
    const html = await answer(await fetch("/columns", { method: "POST", body }));
    if (turn !== asked) return;
    columns.innerHTML = html;
    tell("");
  } catch (error) {
    if (turn === asked) tell(error.message, true);
  } finally {
    if (turn === asked) columns.classList.remove("waiting");
  }
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

function soon() {
  const first = text.value.slice(0, 2000).match(/\p{L}/u);
  text.dir = first && RIGHT_TO_LEFT.test(first[0]) ? "rtl" : "ltr";
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE);
}

text.addEventListener("input", soon);
form.addEventListener("change", (event) => {
  if (event.target.name && event.target !== text) refresh();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  refresh();
});

// Tokens and ids find each other.

function mark(column, place) {
  for (const old of columns.querySelectorAll(".on")) old.classList.remove("on");
  if (place === null) return;
  for (const found of column.querySelectorAll(`[data-t="${place}"]`)) {
    found.classList.add("on");
    if (found.tagName === "LI") found.scrollIntoView({ block: "nearest" });
  }
}

columns.addEventListener("mouseover", (event) => {
  const token = event.target.closest("[data-t]");
  if (token) mark(token.closest(".column"), token.dataset.t);
});
columns.addEventListener("mouseleave", () => mark(null, null));

async function replay(column, place) {
  const ids = column.querySelectorAll(`li[data-t="${place}"]`);
  const name = column.getAttribute("aria-label");
  try {
    const query = new URLSearchParams({ tokenizer: name, id: ids[0].textContent });
    dialog.innerHTML = await answer(await fetch(`/replay?${query}`));
    dialog.showModal();
  } catch (error) {
    tell(error.message, true);
  }
}

columns.addEventListener("click", (event) => {
  const token = event.target.closest("[data-t]");
  if (token) replay(token.closest(".column"), token.dataset.t);
});

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

columns.addEventListener("keydown", (event) => {
  const box = event.target.closest(".tokens");
  if (!box) return;
  const column = box.closest(".column");
  const tokens = [...box.querySelectorAll("[data-t]")];
  const current = tokens.findIndex((token) => token.classList.contains("on"));
  if (event.key === "Enter" && current >= 0) {
    event.preventDefault();
    replay(column, tokens[current].dataset.t);
    return;
  }
  if (!(event.key in STEPS) || !tokens.length) return;
  event.preventDefault();
  const next = Math.min(Math.max(current + STEPS[event.key], 0), tokens.length - 1);
  const token = tokens[next];
  mark(column, token.dataset.t);
  token.scrollIntoView({ block: "nearest" });
  const ids = [...column.querySelectorAll(`li[data-t="${token.dataset.t}"]`)];
  tell(`${token.textContent} is ${ids.map((id) => id.textContent).join(", ")}`);
});

// Uploads.

const upload = document.getElementById("upload");
const pattern = document.getElementById("pattern");

function offer(names, added) {
  for (const select of form.querySelectorAll('select[name="tokenizer"]')) {
    const known = new Set([...select.options].map((option) => option.value));
    for (const name of names) if (!known.has(name)) select.add(new Option(name, name));
    for (const option of [...select.options]) {
      if (option.value && !names.includes(option.value)) option.remove();
    }
  }
  const selects = [...form.querySelectorAll('select[name="tokenizer"]')];
  (selects.find((select) => !select.value) || selects.at(-1)).value = added;
}

upload.addEventListener("change", async () => {
  const file = upload.files[0];
  if (!file) return;
  tell(`reading ${file.name} …`);
  try {
    const query = new URLSearchParams({ name: file.name, pattern: pattern.value });
    const response = await fetch(`/upload?${query}`, { method: "POST", body: file });
    const { name, names } = JSON.parse(await answer(response));
    offer(names, name);
    await refresh();
    tell(`${name} is here`);
  } catch (error) {
    tell(error.message, true);
  } finally {
    upload.value = "";
  }
});
