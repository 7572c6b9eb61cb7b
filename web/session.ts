const TOKEN = 'access_token';
const UPLOAD = 'upload';

/** What survives a reload: the token, in the tab's session storage, and the upload's id, in the address. */
export interface Session {
  token(): string | undefined;
  setToken(token: string | undefined): void;
  upload(): string | undefined;
  setUpload(id: string | undefined): void;
}

/** Opens the session. Removes the token of a sign-in from the address: no bookmark or history entry must have it. */
export function openSession(): Session {
  const fragment = () => new URLSearchParams(location.hash.slice(1));
  let token = fragment().get(TOKEN) ?? sessionStorage.getItem(TOKEN) ?? undefined;
  const setToken = (value: string | undefined): void => {
    token = value;
    if (value === undefined) sessionStorage.removeItem(TOKEN);
    else sessionStorage.setItem(TOKEN, value);
  };
  const setUpload = (id: string | undefined): void => {
    const hash = id === undefined ? '' : `#${new URLSearchParams({ [UPLOAD]: id })}`;
    history.replaceState(null, '', `${location.pathname}${location.search}${hash}`);
  };
  const upload = (): string | undefined => fragment().get(UPLOAD) ?? undefined;
  setToken(token);
  setUpload(upload());
  return { token: () => token, setToken, upload, setUpload };
}
