import { readFileSync } from 'node:fs';
import { notFound } from '@sallyport/model/errors';
import type { Services } from '../services.ts';

const INCLUDES = ['sallyport-http.conf', 'sallyport.conf', 'sallyport-auth.conf'] as const;

const shipped = (name: string): string =>
  readFileSync(new URL(`../../../../deploy/nginx/${name}`, import.meta.url), 'utf8');

/** The application, unless the caller says where it is. */
const USUAL_UPSTREAM = '127.0.0.1:3000';

/** `GET /sallyport/v1/apps/{id}/gateway-snippet`: what to write into nginx for an app, and the files it includes. */
export const gatewaySnippet = async (s: Services, appId: string, upstream: string = USUAL_UPSTREAM) => {
  const door = s.appSessions.doorOfApp(appId);
  if (door === undefined) throw notFound(appId, 'AppInstance');
  const { app } = door;
  const url = new URL(app.origin);
  const name = app.id.replaceAll(/[^A-Za-z0-9]/g, '');
  const { gatewaySocket, port } = s.config;
  const server = gatewaySocket === null ? `127.0.0.1:${port}` : `unix:${gatewaySocket}`;
  const listen = url.port === '' ? (app.isHttps ? '443' : '80') : url.port;
  const snippet = `# ${app.label.replaceAll(/[^\x20-\x7e]/g, '?')}: ${app.origin}, guarded by Sallyport
include sallyport-http.conf;
upstream sallyport {
    server ${server};
    keepalive 32;
}
upstream app_${name} {
    server ${upstream};
    keepalive 32;
}
server {
    listen ${listen}${app.isHttps ? ' ssl' : ''};
    server_name ${url.hostname};
${app.isHttps ? `    ssl_certificate     /etc/ssl/${url.hostname}.pem;\n    ssl_certificate_key /etc/ssl/${url.hostname}.key;\n` : ''}
    set $sallyport_host "${app.host}";
    include sallyport.conf;

    location / {
        include sallyport-auth.conf;
        proxy_pass http://app_${name};
    }
}
`;
  return {
    proxy: 'nginx' as const,
    snippet,
    includes: INCLUDES.map((file) => ({ name: file, text: shipped(file) })),
    notes:
      gatewaySocket === null
        ? 'nginx speaks to this server over TCP: its address must stand in SALLYPORT_TRUSTED_PROXIES.'
        : 'nginx speaks to this server over a unix socket: the user of nginx must be in the group of the socket.',
  };
};
