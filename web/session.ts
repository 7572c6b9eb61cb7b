const TOKEN = 'access_token';
const UPLOAD = 'upload';

/** What outlives a reload: the token in this tab's storage, the upload's id in the address. */
export interface Session {
  token(): string | undefined;
  setToken(token: string | undefined): void;
  upload(): string | undefined;
  setUpload(id: string | undefined): void;
}

/** Takes the token out of the address, where a sign-in put it, so that it is in no bookmark and no history. */
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
