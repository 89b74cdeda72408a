import type { ClientRequest } from './client-request.ts';

/** As a word of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a line for a shell. The secret stays out: the line asks the environment for it. */
export const curlLine = (origin: string, request: ClientRequest, scheme: 'SSWS' | 'Bearer' | null): string =>
  [
    'curl -sS',
    ...(request.method === 'GET' ? [] : [`-X ${request.method}`]),
    ...(scheme === null ? [] : [`-H "Authorization: ${scheme} $SALLYPORT_TOKEN"`]),
    "-H 'Accept: application/json'",
    ...(request.body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(request.body))}`]),
    quoted(origin + request.path),
  ].join(' ');
