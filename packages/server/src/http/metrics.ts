import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The process's metrics, in the text format of Prometheus at `/metrics`. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const ignoredHeaders = new Counter({
  name: 'sallyport_ignored_forwarding_headers_total',
  help: 'Requests with a forwarding header that is not the configured one',
  registers: [registry],
});
const requests = new Histogram({
  name: 'sallyport_request_seconds',
  help: 'Time to answer, by route and status',
  labelNames: ['route', 'status'],
  buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
  registers: [registry],
});
const ended = new Counter({
  name: 'sallyport_sessions_ended_total',
  help: 'Sessions ended, by reason',
  labelNames: ['reason'],
  registers: [registry],
});
const exempt = new Counter({
  name: 'sallyport_exempt_passes_total',
  help: 'Requests that passed binding by the exempt zone',
  registers: [registry],
});
const live = new Gauge({ name: 'sallyport_live_sessions', help: 'Sessions in memory', registers: [registry] });

export const countIgnoredHeader = (): void => ignoredHeaders.inc();
export const observeRequest = (route: string, status: number, seconds: number): void =>
  requests.observe({ route, status: String(status) }, seconds);
export const countEnded = (reason: string): void => ended.inc({ reason });
export const countExemptPass = (): void => exempt.inc();
export const setLiveSessions = (count: number): void => live.set(count);
