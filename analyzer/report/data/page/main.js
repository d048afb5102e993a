// Language, colours, printing; and the start of everything.
const THEMES = ["auto", "light", "dark"];

/** Translates what the page came with; lists and charts are drawn again. */
function translate() {
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = say(one.dataset.say);
  for (const one of document.querySelectorAll("[data-language]"))
    one.setAttribute("aria-pressed", one.dataset.language === (isChinese() ? "zh" : "en") ? "true" : "false");
  document.title = say("title") + ": " + document.querySelector(".brand").textContent;
  showTheme();
}

function speak(language) {
  root.lang = language;
  translate();
  drawFilters();
  drawTabs();
  drawTable();
  buildChart();
  if (opened) showPanel(opened(), false);
}

function showTheme() {
  const theme = root.dataset.theme || "auto";
  byId("theme").textContent = say("theme_" + theme);
}

function nextTheme() {
  const now = root.dataset.theme || "auto";
  root.dataset.theme = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  showTheme();
  recolour();
}

function recolour() {
  buildChart();
}

function startPrinting() {
  let open = [];
  addEventListener("beforeprint", () => {
    open = [...document.querySelectorAll("details.group:not([open]), #verdicts > .card details:not([open])")];
    for (const one of open) one.open = true;
    printTables();
    root.classList.add("printing");
    recolour();
  });
  addEventListener("afterprint", () => {
    for (const one of open) one.open = false;
    byId("print").replaceChildren();
    root.classList.remove("printing");
    recolour();
  });
  byId("print-button").addEventListener("click", () => print());
}

root.classList.add("scripted");
for (const one of document.querySelectorAll("[data-language]")) one.addEventListener("click", () => speak(one.dataset.language));
byId("theme").addEventListener("click", nextTheme);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
translate();
startFilters();
startChart();
startTables();
startDetails();
startPrinting();
