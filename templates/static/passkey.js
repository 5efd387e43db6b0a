// Passkeys (WebAuthn Level 3): browsers offer them to scripts only. A form with data-passkey holds the options; the answer goes back in it.
"use strict";
(() => {
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!window.PublicKeyCredential || forms.length === 0) return;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => {
    let binary = "";
    for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte);
    return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  // What has to be octets (§5.4, §5.5) stands as base64url in the options.
  const read = (json) => {
    const options = JSON.parse(json);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.excludeCredentials, options.allowCredentials]) {
      for (const known of list ?? []) known.id = bytes(known.id);
    }
    return options;
  };
  const written = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    const extensions = credential.getClientExtensionResults();
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, extensions });
  };
  let waiting = new AbortController();
  // An answer on its way is the only one: a challenge is good for one, and a second one would take the place of the first.
  let answered = false;
  window.addEventListener("pageshow", (event) => { if (event.persisted) answered = false; });
  const answer = async (form, mediation) => {
    if (answered) return;
    waiting.abort();
    waiting = new AbortController();
    const request = { publicKey: read(form.dataset.options), signal: waiting.signal };
    const creates = form.dataset.passkey === "create";
    const credential = creates
      ? await navigator.credentials.create(request)
      : await navigator.credentials.get(mediation ? { ...request, mediation } : request);
    if (answered) return;
    answered = true;
    form.elements.credential.value = written(credential);
    form.submit();
  };
  for (const form of forms) {
    form.hidden = false;
    const problem = form.querySelector("[role=alert]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      problem.hidden = true;
      answer(form).catch((error) => {
        // Another click has begun anew.
        if (error.name === "AbortError") return;
        problem.hidden = false;
        problem.focus();
      });
    });
    const rpId = form.dataset.passkey === "get" ? JSON.parse(form.dataset.options).rpId : undefined;
    if (form.dataset.unknown && PublicKeyCredential.signalUnknownCredential) {
      PublicKeyCredential.signalUnknownCredential({ rpId, credentialId: form.dataset.unknown }).catch(() => {});
    }
    // Offered among the names that the browser fills in, where the page asks for one.
    const offered = form.dataset.passkey === "get" && document.querySelector("input[autocomplete~=webauthn]");
    if (offered && PublicKeyCredential.isConditionalMediationAvailable) {
      PublicKeyCredential.isConditionalMediationAvailable()
        .then((available) => available && answer(form, "conditional"))
        .catch(() => {});
    }
  }
})();
