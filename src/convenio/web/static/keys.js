// A person's own keys: enrolling one and signing a decision with it. The private half never leaves the device.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const base64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (c) => String.fromCharCode(c)).join(""));
const base64url = (buffer) => base64(buffer).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function say(form, text) {
  const place = form.querySelector("[data-said]");
  place.textContent = text;
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
}

async function registered(form) {
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(form.dataset.challenge),
      rp: { id: form.dataset.host, name: "Convenio" },
      user: { id: bytes(form.dataset.handle), name: form.dataset.account, displayName: form.dataset.name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
      attestation: "none",
    },
  });
  form.elements.response.value = JSON.stringify({
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: base64url(credential.response.clientDataJSON),
      attestationObject: base64url(credential.response.attestationObject),
    },
  });
}

async function keyFile(form) {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const held = base64(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).replace(/(.{64})/g, "$1\n").trim();
  const text = `-----BEGIN PRIVATE KEY-----\n${held}\n-----END PRIVATE KEY-----\n`;
  const link = document.createElement("a");
  link.href = `data:application/x-pem-file;base64,${btoa(text)}`;
  link.download = `${form.dataset.account}.pem`;
  link.click();
  form.elements.public.value = base64(await crypto.subtle.exportKey("raw", pair.publicKey));
}

async function touched(form) {
  const assertion = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(form.dataset.challenge),
      rpId: form.dataset.host,
      userVerification: "required",
      allowCredentials: JSON.parse(form.dataset.keys).map((id) => ({ type: "public-key", id: bytes(id) })),
    },
  });
  form.elements.client_data.value = base64(assertion.response.clientDataJSON);
  form.elements.authenticator_data.value = base64(assertion.response.authenticatorData);
  form.elements.signature.value = base64(assertion.response.signature);
}

async function signedByFile(form) {
  const [file] = form.querySelector("[data-key-file]").files;
  if (!file) throw new Error(form.dataset.missing);
  const inner = (await file.text()).replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
  const key = await crypto.subtle.importKey("pkcs8", bytes(inner), "Ed25519", false, ["sign"]);
  form.elements.signature.value = base64(await crypto.subtle.sign("Ed25519", key, bytes(form.dataset.bytes)));
}

const acts = { webauthn: registered, ed25519: keyFile, "sign-webauthn": touched, "sign-ed25519": signedByFile };

for (const form of document.querySelectorAll("[data-enrol], [data-sign]")) {
  const act = acts[form.dataset.enrol ?? `sign-${form.dataset.sign}`];
  form.addEventListener("submit", async (event) => {
    if (form.dataset.ready) return;
    event.preventDefault();
    event.stopPropagation();
    try {
      await act(form);
      form.dataset.ready = "yes";
      form.requestSubmit();
    } catch (error) {
      say(form, error.message);
    }
  });
  // until here a press would have sent a form without its signature
  for (const button of form.querySelectorAll("[data-with-key]")) button.disabled = false;
}
