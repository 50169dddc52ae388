// What the pages add when JavaScript is there; without it, everything still works.

// Menus close on Escape, and on a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// An htmx request that failed says so; the page keeps what it showed.
function showFailure() {
  const template = document.getElementById("request-failed");
  const messages = document.getElementById("messages");
  messages.replaceChildren(template.content.cloneNode(true));
  messages.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:responseError", showFailure);
document.addEventListener("htmx:sendError", showFailure);
document.addEventListener("htmx:timeout", showFailure);

// The login has expired: the answer is the login page. Reload, so that the server leads there and back.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const answered = xhr.responseURL ? new URL(xhr.responseURL).pathname : "";
  if (answered === document.body.dataset.login && answered !== location.pathname) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});
