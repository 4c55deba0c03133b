import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local server. */
export interface Server {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Serves scripts from memory by name, and an empty page at `/`; every answer carries the headers. */
export async function serveFiles(
  scripts: ReadonlyMap<string, string>,
  headers: Readonly<Record<string, string>>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    const script = scripts.get(name);
    if (script !== undefined) response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(script);
    else
      response.writeHead(name === '' ? 200 : 404, { ...headers, 'Content-Type': 'text/html' }).end('<!doctype html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
