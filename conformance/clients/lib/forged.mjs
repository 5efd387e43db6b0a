// Tokens that look like those of the provider and are not, or were made for something else.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** For one client: each as a logout token and as a security event. */
export async function forgeries(demo, audience, idToken) {
  const discovery = await (await fetch(`${demo.issuer}/.well-known/openid-configuration`)).json();
  const { keys } = await (await fetch(discovery.jwks_uri)).json();
  const { kid } = keys.find((key) => key.alg === 'ES256');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sub = JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url')).sub;
  const now = Math.floor(Date.now() / 1000);
  const frame = { iss: demo.issuer, aud: audience, iat: now, exp: now + 120, jti: randomUUID() };
  const logout = { ...frame, sub, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } };
  const event = {
    ...frame,
    sub_id: { format: 'iss_sub', iss: demo.issuer, sub },
    events: { 'https://schemas.openid.net/secevent/risc/event-type/account-disabled': {} },
  };
  const token = (typ, claims, alg = 'ES256', key = kid) => {
    const text = `${encode({ alg, typ, kid: key })}.${encode(claims)}`;
    const signature = alg === 'none' ? '' : sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    return `${text}.${signature}`;
  };
  const both = (what, alg, key) => ({ what, logout: token('logout+jwt', logout, alg, key), event: token('secevent+jwt', event, alg, key) });
  return [
    both('signed by somebody else'),
    both('signed by an unknown key', 'ES256', 'unknown'),
    both('not signed', 'none'),
    { what: 'an ID token', logout: idToken, event: idToken },
    { what: 'no token', logout: 'nonsense', event: 'nonsense' },
  ];
}
