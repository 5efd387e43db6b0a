// Whether the HTML that the server sends is valid (gate G2).
import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
  rules: {
    // Ways of writing that the standard leaves open: our templates omit nothing and quote everything, except where values are made by code.
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'no-implicit-button-type': 'off',
    // Our own files, at addresses that hold their digest.
    'require-sri': ['error', { target: 'crossorigin' }],
    'void-style': ['error', { style: 'omit' }],
    // A scrolling region must be reached by the keyboard (axe: scrollable-region-focusable); `role` and `aria-label` are its name.
    'prefer-native-element': ['error', { exclude: ['region', 'search', 'status', 'alert'] }],
  },
});

/** What is wrong with a page, one line each. */
export async function problems(html) {
  const report = await validator.validateString(html);
  const lines = report.results.flatMap((result) => result.messages);
  return lines.filter((message) => message.severity === 2).map((message) => `${message.line}:${message.column} ${message.ruleId}: ${message.message}`);
}
