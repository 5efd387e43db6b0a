// An Express application behind express-openid-connect: signed in by Chamberlain, signed out by it, too.
import express from 'express';
import oidc from 'express-openid-connect';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, BASE_URL, SESSION_SECRET } = process.env;

/** Sessions, and who was signed out: in memory here; several processes need one store in common (Redis, a database). */
class Store {
  #entries = new Map();
  get = (id, done) => done(null, this.#entries.get(id));
  set = (id, value, done) => { this.#entries.set(id, value); done(null); };
  destroy = (id, done) => { this.#entries.delete(id); done(null); };
}

const app = express();
app.use(oidc.auth({
  issuerBaseURL: ISSUER,
  baseURL: BASE_URL,
  clientID: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  secret: SESSION_SECRET,
  idTokenSigningAlg: 'ES256',
  authorizationParams: { response_type: 'code', scope: 'openid profile email groups' },
  authRequired: false,
  idpLogout: true, // GET /logout signs out at Chamberlain, too.
  backchannelLogout: { store: new Store() }, // POST /backchannel-logout is where Chamberlain says that somebody has signed out.
}));

const plain = (text) => String(text).replace(/[&<>"']/g, (one) => `&#${one.codePointAt(0)};`);
const page = (body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Express</title>${body}</html>`;

app.get('/', (request, response) => {
  const { user } = request.oidc;
  const who = user ? `<p id="who">${plain(user.name)}</p><a id="sign-out" href="/logout">Sign out</a>` : '<p id="nobody">Nobody is signed in.</p>';
  response.send(page(`${who} <a id="members" href="/members">Members</a>`));
});

app.get('/members', oidc.requiresAuth(), async (request, response) => {
  const { email } = await request.oidc.fetchUserInfo();
  response.send(page(`<p id="email">${plain(email)}</p><p id="groups">${plain(request.oidc.idTokenClaims.groups.join(' '))}</p>`));
});

app.listen(new URL(BASE_URL).port, '127.0.0.1');
