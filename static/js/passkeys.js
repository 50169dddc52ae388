// Beside allauth's scripts: a passkey that does not answer is said on the page, not in the console only.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const alert = document.getElementById("passkey-failed");
  alert.hidden = false;
  alert.scrollIntoView({ block: "nearest" });
});
