// Folders of answers, sentences and quotes, kept in this browser alone (IndexedDB). Nothing here sends anything anywhere.
//
// Imported files come from strangers: their shape and sizes are checked, and what they say is shown as text only.

const DATABASE = "musnad.folders", FORMAT = "musnad-folders", VERSION = 1;
const KINDS = ["answer", "sentence", "quote"];
// The longest text of each member that is kept, in UTF-16 units.
const LONGEST = { text: 20_000, question: 2_000, told: 3_000, address: 30_000, note: 5_000 };
const MAX_NAME = 100, MAX_FOLDERS = 200, MAX_KEPT = 5_000, MAX_FILE_BYTES = 5 * 1024 * 1024;
// Characters that make text look like other text, as the pages leave them out.
const DECEIVING = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

// --- The store: one record per folder, `{ name, saved, kept: [...] }`, by its name.

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore("folders", { keyPath: "name" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new DOMException("another page holds an older version", "InvalidStateError"));
  });
}

// Run `act(store, fail)` in one transaction: all of it is kept, or nothing. `act` may call `fail` later with its error.
async function inStore(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("folders", mode);
      let failure = null, request;
      const fail = (error) => {
        failure = error;
        transaction.abort();
      };
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(failure ?? transaction.error);
      try {
        request = act(transaction.objectStore("folders"), fail);
      } catch (error) {
        fail(error);
      }
    });
  } finally {
    database.close();
  }
}

const all = () => inStore("readonly", (store) => store.getAll());
const remove = (name) => inStore("readwrite", (store) => store.delete(name));
const put = (...folders) => inStore("readwrite", (store) => folders.map((folder) => store.put(folder)).at(-1));

// Change a folder in one transaction, so that two pages never undo each other's work.
function change(name, act) {
  return inStore("readwrite", (store, fail) => {
    const request = store.get(name);
    request.onsuccess = () => {
      const folder = request.result ?? { name, saved: now(), kept: [] };
      try {
        act(folder);
        store.put(folder);
      } catch (error) {
        fail(error);
      }
    };
  });
}

const now = () => new Date().toISOString();

// --- What comes from outside: null if it has not the shape of an export.

const isText = (value, most) => typeof value === "string" && value.length <= most;
const clean = (text) => text.replace(DECEIVING, "");

function readKept(value) {
  if (typeof value !== "object" || value === null || !KINDS.includes(value.kind)) return null;
  const kept = { kind: value.kind, saved: readTime(value.saved) };
  for (const [name, most] of Object.entries(LONGEST)) {
    const text = value[name] ?? "";
    if (!isText(text, most)) return null;
    kept[name] = clean(text);
  }
  if (!kept.text.trim()) return null;
  kept.address = ownAddress(kept.address);
  return kept;
}

function readTime(value) {
  return isText(value, 40) && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : now();
}

// Only pages of this server are linked, whatever a file says.
function ownAddress(address) {
  try {
    const url = new URL(address, location.origin);
    return address.startsWith("/") && url.origin === location.origin ? url.pathname + url.search + url.hash : "";
  } catch {
    return "";
  }
}

function readFolders(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (found?.format !== FORMAT || found.version !== VERSION || !Array.isArray(found.folders)
    || found.folders.length > MAX_FOLDERS) return null;
  let count = 0;
  const folders = found.folders.map((folder) => {
    if (!isText(folder?.name, MAX_NAME) || !clean(folder.name).trim() || !Array.isArray(folder.kept)) return null;
    count += folder.kept.length;
    if (count > MAX_KEPT) return null;
    const kept = folder.kept.map(readKept);
    return kept.includes(null) ? null : { name: clean(folder.name).trim(), saved: readTime(folder.saved), kept };
  });
  return folders.includes(null) ? null : folders;
}

const isSame = (one, other) => ["kind", "text", "address", "note"].every((name) => one[name] === other[name]);

// Add folders to those that are there; what is in both is kept once.
async function add(folders) {
  const known = new Map((await all()).map((folder) => [folder.name, folder]));
  for (const folder of folders) {
    const before = known.get(folder.name) ?? { name: folder.name, saved: folder.saved, kept: [] };
    const fresh = folder.kept.filter((kept) => !before.kept.some((each) => isSame(each, kept)));
    known.set(folder.name, { ...before, kept: [...before.kept, ...fresh] });
  }
  await put(...folders.map((folder) => known.get(folder.name)));
}

// --- Exports.

function asJson(folders) {
  return JSON.stringify({ format: FORMAT, version: VERSION, folders }, null, 1);
}

// Signs of markup and of addresses, addresses of mail, and the start of a line, as qa/markup.py has them, and why.
const SIGNS = new RegExp([
  /[\\`*_{}[\]<>#|~@$^]/u, /&(?=[#_\p{L}\p{N}])/u, /:(?=[_\p{L}\p{N}+-]+:)/u, /([=+%:/])(?=\1)/u,
  /(?<=www)\.|(?<=[_\p{L}\p{N}])\.(?=[\p{L}\p{Nl}\p{No}])/u].map((each) => each.source).join("|"), "giu");
const MAIL = /((?<![_\p{L}\p{N}.+-])[_\p{L}\p{N}.+-]+@[_\p{L}\p{N}.-]*[_\p{L}\p{N}])/u;
const START = /^(\p{Nd}+(?=[.)])|(?=[-+=:]))/u;
const CONTROLS = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escaped(line) {
  const parts = line.replace(CONTROLS, "").split(/[\s\u0085]+/).filter(Boolean).join(" ").split(MAIL);
  return parts.map((part, number) => number % 2 ? `\`${part}\`` : part.replace(SIGNS, "\\$&")).join("").replace(START, "$1\\");
}

// Lines stay lines: each begins a paragraph of its own kind, so none can begin another's.
const lines = (text, before = "") => text.split("\n").map((line) => before + escaped(line)).join("\n");

function asMarkdown(folders) {
  return folders.map((folder) => [`# ${escaped(folder.name)}`, ...folder.kept.flatMap((kept) => [
    ...(kept.question ? [`**${escaped(kept.question)}**`] : []), lines(kept.text, "> "),
    ...(kept.told ? [escaped(kept.told)] : []),
    ...(kept.address ? [`<${new URL(kept.address, location.origin)}>`] : []),
    ...(kept.note ? [lines(kept.note)] : []), "---"])].join("\n\n")).join("\n\n") + "\n";
}

function download(text, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// --- The words of the page, and the form that saves. Both come from the page of folders.

let page = null;

function folderPage() {
  if (document.getElementById("folder-list")) return document;
  page ??= fetch(document.querySelector("a[data-folders]").href).then(async (response) => {
    const fetched = new DOMParser().parseFromString(await response.text(), "text/html");
    document.head.append(document.importNode(fetched.getElementById("folders-style"), true));
    return fetched;
  });
  page.catch(() => { page = null; });
  return page;
}

async function clone(id) {
  return document.importNode((await folderPage()).getElementById(id).content, true).firstElementChild;
}

async function word(name) {
  return (await folderPage()).getElementById("words").content.querySelector(`[data-${name}]`).textContent;
}

const wordOf = (error) => word(error?.name === "QuotaExceededError" ? "full" : "failed");

export async function keep(found) {
  const kept = readKept({ ...found, saved: now() });
  if (!kept) return;
  const dialog = await clone("keep");
  const form = dialog.querySelector("form"), told = dialog.querySelector(".done");
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("[data-act=close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = clean(form.elements.folder.value).trim().slice(0, MAX_NAME);
    if (!name) return;
    kept.note = clean(form.elements.note.value);
    try {
      await change(name, (folder) => { folder.kept.push(kept); });
      told.textContent = await word("saved");
      form.querySelector("[type=submit]").disabled = true;
    } catch (error) {
      told.textContent = await wordOf(error);
    }
  });
  dialog.showModal();
  try {
    const folders = await all();
    dialog.querySelector("datalist").append(...folders.map(({ name }) => new Option(name, name)));
    const last = folders.sort((one, other) => one.saved < other.saved ? 1 : -1)[0];
    if (last) form.elements.folder.value = last.name;
  } catch (error) {
    told.textContent = await wordOf(error);
  }
}

// --- The page itself.

async function show() {
  const host = document.getElementById("folders"), told = document.getElementById("told");
  const attempt = async (act, done = "") => {
    try {
      await act();
      told.textContent = done && await word(done);
    } catch (error) {
      told.textContent = await wordOf(error);
    }
    await draw();
  };
  host.replaceChildren(document.importNode(document.getElementById("folder-list").content, true));
  host.querySelector("form.new").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = clean(event.target.elements.name.value).trim();
    event.target.reset();
    if (name) attempt(() => change(name, () => {}));
  });
  host.querySelector("input[type=file]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const folders = file.size > MAX_FILE_BYTES ? "big" : readFolders(await file.text()) ?? "bad";
    event.target.value = "";
    if (typeof folders === "string") told.textContent = await word(folders);
    else attempt(() => add(folders), "imported");
  });
  host.querySelector("[data-act=export]").addEventListener("click", () => attempt(async () => {
    download(asJson(await all()), "application/json", "musnad-folders.json");
  }));
  const draw = async () => {
    let folders = [];
    try {
      folders = await all();
    } catch (error) {
      told.textContent = await wordOf(error);
    }
    host.querySelector(".none").hidden = folders.length > 0;
    host.querySelector(".all").replaceChildren(...await Promise.all(folders.map((folder) => section(folder, attempt))));
  };
  await draw();
}

async function section(folder, attempt) {
  const element = await clone("folder");
  const title = element.querySelector("h2");
  title.textContent = folder.name;
  title.dir = "auto";
  element.setAttribute("aria-label", folder.name);
  element.querySelector(".hint").hidden = folder.kept.length > 0;
  const act = (name, run) => element.querySelector(`.head [data-act=${name}]`).addEventListener("click", run);
  const fileName = folder.name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "folder";
  act("markdown", () => download(asMarkdown([folder]), "text/markdown", `${fileName}.md`));
  act("json", () => download(asJson([folder]), "application/json", `${fileName}.json`));
  act("delete", (event) => {
    if (confirm(event.target.dataset.sure.replace("{name}", () => folder.name))) attempt(() => remove(folder.name));
  });
  element.querySelector("ul").append(...await Promise.all(folder.kept.map((kept) => entry(folder, kept, attempt))));
  return element;
}

// A day in words, as the server writes it.
function day(date, { months, digits }) {
  const written = (number) => String(number).replace(/\d/g, (digit) => digits[digit]);
  return `${written(date.getDate())} ${months.split("|")[date.getMonth()]} ${written(date.getFullYear())}`;
}

async function entry(folder, kept, attempt) {
  const element = await clone("kept");
  const kind = element.querySelector(".kind"), time = element.querySelector("time"), link = element.querySelector("a");
  kind.textContent = kind.dataset[kept.kind];
  time.dateTime = kept.saved;
  time.textContent = day(new Date(kept.saved), time.dataset);
  for (const [selector, text] of [[".question", kept.question], ["blockquote", kept.text], [".told", kept.told]]) {
    element.querySelector(selector).textContent = text;
    element.querySelector(selector).hidden = !text;
  }
  if (kept.address) link.href = kept.address;
  else link.remove();
  const form = element.querySelector("form");
  form.elements.note.value = kept.note;
  const here = (each) => isSame(each, kept) && each.saved === kept.saved;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => change(folder.name, ({ kept: held }) => {
      for (const each of held.filter(here)) each.note = clean(form.elements.note.value);
    }), "saved");
  });
  element.querySelector("[data-act=delete]").addEventListener("click", () =>
    attempt(() => change(folder.name, (stored) => { stored.kept = stored.kept.filter((each) => !here(each)); })));
  return element;
}

if (document.getElementById("folders")) show();
