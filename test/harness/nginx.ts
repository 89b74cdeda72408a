import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real nginx in front of everything, with the files that we ship. */
export interface TestNginx {
  readonly port: number;
  stop(): Promise<void>;
}

/** What `GET /sallyport/v1/apps/{id}/gateway-snippet` answers. */
export interface Snippet {
  readonly snippet: string;
  readonly includes: readonly { readonly name: string; readonly text: string }[];
}

/** nginx takes the client's address from this header of ours: the tests have one loopback and many networks. */
export const TEST_ADDRESS = 'X-Test-Address';

const UPSTREAM = /upstream sallyport \{[^}]*\}\n/;

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/**
 * Starts nginx with the served snippets, each as it is but for TLS, which the tests leave out, and the one upstream that
 * several of them share. `change` may break a file, to see what that costs.
 */
export const startNginx = async (
  port: number,
  snippets: readonly Snippet[],
  change: (name: string, text: string) => string = (_name, text) => text,
): Promise<TestNginx> => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-nginx-'));
  for (const { name, text } of snippets[0]?.includes ?? []) writeFileSync(join(folder, name), change(name, text));
  const servers = snippets.map(({ snippet }, i) =>
    (i === 0 ? snippet : snippet.replace(UPSTREAM, ''))
      .replace(/ssl_certificate.*\n/g, '\n')
      .replace(/listen .*;/, `listen 127.0.0.1:${port};`),
  );
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  access_log off;
  server_names_hash_bucket_size 128;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  set_real_ip_from 127.0.0.1;
  real_ip_header ${TEST_ADDRESS};
${servers.map((text) => change('server', text)).join('\n')}
}
`,
  );
  const child: ChildProcess = spawn(
    '/usr/sbin/nginx',
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    complaint += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!(await answers(port)))
    if (isOver) throw new Error(`nginx: ${complaint}\n${readFileSync(join(folder, 'nginx.conf'), 'utf8')}`);
    else await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    port,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
