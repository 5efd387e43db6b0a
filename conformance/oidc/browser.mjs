// What the suite's browser does on our pages, by the ids of their elements.

const done = { task: 'Back at the suite', match: '*/test/*/callback*', commands: [['wait', 'id', 'submission_complete', 10]] };

/** The sign-in: one page, one factor, for the application of the suite only. */
function login(email, password) {
  return {
    task: 'Sign in',
    match: '*/login*',
    optional: true,
    commands: [
      ['text', 'id', 'login-email', email],
      ['text', 'id', 'login-password', password],
      ['click', 'id', 'login-continue'],
    ],
  };
}

const consent = { task: 'Allow', match: '*/oauth2/consent*', optional: true, commands: [['click', 'id', 'consent-allow']] };
const formPost = { task: 'Send the form', match: '*/oauth2/*', optional: true, commands: [['click', 'id', 'form-post-continue', 'optional']] };

function logout(op, commands) {
  return {
    match: `${op}/oauth2/logout*`,
    tasks: [
      { task: 'Confirm', match: '*/logout*', optional: true, commands: [['click', 'id', 'logout-confirm']] },
      ...commands,
    ],
  };
}

export function browser({ op, email, password }) {
  return [
    { match: `${op}/oauth2/authorize*`, tasks: [login(email, password), consent, formPost, done] },
    logout(op, [{ task: 'Back at the suite', match: '*/test/*/post*', commands: [['wait', 'id', 'submission_complete', 10]] }]),
  ];
}

const evidence = (id, text) => ['wait', 'id', id, 10, text, 'update-image-placeholder'];

/** Tests that end on a page of ours: the page is the evidence. */
export function overrides({ op, email, password }) {
  const error = { browser: [{ match: `${op}/oauth2/authorize*`, tasks: [{ task: 'The error page', match: '*/oauth2/authorize*', commands: [evidence('error-heading', '.*')] }] }] };
  const signedOut = { browser: [
    { match: `${op}/oauth2/authorize*`, tasks: [login(email, password), consent, formPost, done] },
    logout(op, [{ task: 'Signed out', match: '*/log*', commands: [evidence('logout-done', '.*')] }]),
  ] };
  const again = { browser: [{ match: `${op}/oauth2/authorize*`, 'match-limit': 1, tasks: [login(email, password), consent, formPost, done] }, {
    match: `${op}/oauth2/authorize*`,
    tasks: [{ ...login(email, password), optional: false, commands: [evidence('login-heading', '.*'), ...login(email, password).commands] }, consent, formPost, done],
  }] };
  const shown = (id) => ({ browser: [{ match: `${op}/oauth2/authorize*`, tasks: [{ task: 'The sign-in page', match: '*/login*', commands: [evidence(id, '.*')] }] }] });
  const all = {};
  for (const name of ['oidcc-ensure-registered-redirect-uri', 'oidcc-ensure-redirect-uri-in-authorization-request', 'oidcc-redirect-uri-query-mismatch', 'oidcc-redirect-uri-query-added']) all[name] = error;
  for (const name of ['oidcc-prompt-login', 'oidcc-max-age-1']) all[name] = again;
  for (const name of ['no-post-logout-redirect-uri', 'no-params', 'only-state', 'bad-post-logout-redirect-uri', 'query-added-to-post-logout-redirect-uri', 'no-id-token-hint', 'modified-id-token-hint', 'bad-id-token-hint']) {
    all[`oidcc-rp-initiated-logout-${name}`] = signedOut;
  }
  all['oidcc-registration-policy-uri'] = shown('client-policy');
  all['oidcc-registration-tos-uri'] = shown('client-tos');
  return all;
}
