// Leads on once every application has been told, or after three seconds; without script the link does.
(function () {
  "use strict";
  var link = document.getElementById("logout-continue");
  if (!link || !link.hasAttribute("data-lead")) {
    return;
  }
  var left = false;
  function lead() {
    if (!left) {
      left = true;
      window.location.replace(link.href);
    }
  }
  window.addEventListener("load", lead, false);
  window.setTimeout(lead, 3000);
}());
