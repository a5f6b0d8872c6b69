/** This tab's name: kept over reloads; a duplicated tab, which copies it, takes a new one. */
export async function tabName() {
  const fresh = () => crypto.getRandomValues(new Uint32Array(2)).join("");
  let name = sessionStorage.getItem("atiende.tab") ?? fresh();
  if (navigator.locks && !(await holdName(name, 400))) {
    name = fresh();
    await holdName(name, 0);
  }
  sessionStorage.setItem("atiende.tab", name);
  return name;
}

/**
 * Hold this name for as long as the tab lives; false when another tab holds it.
 * @param {string} name
 * @param {number} wait milliseconds; 0 waits for ever
 * @returns {Promise<boolean>}
 */
function holdName(name, wait) {
  return new Promise((resolve) => {
    const options = wait ? { signal: AbortSignal.timeout(wait) } : {};
    const held = () => {
      resolve(true);
      return new Promise(() => {});
    };
    navigator.locks.request(`atiende.tab.${name}`, options, held).catch(() => resolve(false));
  });
}
