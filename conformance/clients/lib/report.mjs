// One line per check; the driver counts them.

/** Runs a check and says how it went. */
export async function check(name, body) {
  try {
    const value = await body();
    console.log(`ok    ${name}`);
    return value;
  } catch (error) {
    console.log(`FAIL  ${name}: ${String(error.stack ?? error).replaceAll('\n', '\n      ')}`);
    process.exitCode = 1;
    return undefined;
  }
}

/** Fails with both values when they are not equal as JSON. */
export function same(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}

/** Fails unless the condition holds. */
export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

/** Waits until something is so: what an application is told, it is told a moment later. */
export async function soon(what, is, within = 15_000) {
  for (const started = Date.now(); Date.now() - started < within; ) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(what);
}
