/** Child of the benchmark: `bare` answers an empty 200, `check` is the product's session check over `sessions` live ones. */
import { createServer, type RequestListener } from 'node:http';
import { compileRanges } from '../packages/decide/src/address/address-range.ts';
import { createSessionCheckHandler } from '../packages/server/src/http/session-check-handler.ts';
import { systemClock } from '../packages/server/src/ports/clock.ts';
import { benchTable } from './bench-sessions.ts';

const [kind, sessions] = process.argv.slice(2);
const bare: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': '0' }).end();
};
const listener =
  kind === 'bare'
    ? bare
    : createSessionCheckHandler({
        table: benchTable(Number(sessions), systemClock.now()),
        cookieName: '__Host-sid',
        trusted: compileRanges(['127.0.0.0/8']),
        headerName: 'x-forwarded-for',
        clock: systemClock,
        onNeedsJudgement: () => false,
      });
const server = createServer(listener);
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
});
