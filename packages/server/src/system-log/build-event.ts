import { EVENT_TYPES, type EventType } from '@sallyport/model/event-types';
import { toIso } from '@sallyport/model/instant';
import type { LogActor, LogEvent, LogGeographicalContext, LogResult, LogTarget } from '@sallyport/model/log-event';
import type { Place } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import { describeUserAgent } from './describe-user-agent.ts';

/** What a use case says of an event; the rest comes from the request. */
export interface EventInput {
  readonly eventType: EventType;
  readonly outcome?: { readonly result: LogResult; readonly reason?: string | null };
  readonly target?: readonly LogTarget[];
  /** In place of the principal, for example the typed name of a failed sign-in. */
  readonly actor?: LogActor;
  readonly debugData?: Readonly<Record<string, string>>;
  readonly credentialType?: string;
  readonly credentialProvider?: string;
  readonly externalSessionId?: string | null;
  readonly rootSessionId?: string | null;
  readonly apiTokenId?: string;
  readonly displayMessage?: string;
}

const placeOf = (place: Place): LogGeographicalContext | null =>
  place.country === null
    ? null
    : {
        city: place.city,
        state: place.region,
        country: place.country,
        postalCode: place.postalCode,
        geolocation: place.geolocation,
      };

/** The LogEvent of an input, a request, an actor, an instant and an id. */
export const buildEvent = (
  input: EventInput,
  request: RequestContext,
  actor: LogActor,
  zone: string,
  at: number,
  uuid: string,
): LogEvent => {
  const type = EVENT_TYPES[input.eventType];
  const agent = describeUserAgent(request.userAgent);
  const address = request.client.kind === 'known' ? request.client.address.text : null;
  const isJob = request.method === 'JOB';
  return {
    uuid,
    published: toIso(at),
    eventType: input.eventType,
    legacyEventType: null,
    version: '0',
    severity: type.severity,
    displayMessage: input.displayMessage ?? type.message,
    actor: input.actor ?? actor,
    client: {
      id: null,
      ipAddress: address,
      device: isJob ? null : agent.device,
      zone,
      userAgent: isJob ? null : { browser: agent.browser, os: agent.os, rawUserAgent: request.userAgent },
      geographicalContext: placeOf(request.place),
    },
    device: null,
    authenticationContext: {
      authenticationProvider: input.credentialType === undefined ? null : 'OKTA_AUTHENTICATION_PROVIDER',
      authenticationStep: 0,
      credentialProvider:
        input.credentialProvider ?? (input.credentialType === undefined ? null : 'OKTA_CREDENTIAL_PROVIDER'),
      credentialType: input.credentialType ?? null,
      externalSessionId: input.externalSessionId ?? null,
      rootSessionId: input.rootSessionId ?? input.externalSessionId ?? null,
      interface: null,
      issuer: null,
    },
    outcome: { result: input.outcome?.result ?? 'SUCCESS', reason: input.outcome?.reason ?? null },
    securityContext:
      request.network?.kind === 'asn'
        ? {
            asNumber: request.network.asn,
            asOrg: request.network.organisation,
            isp: request.network.organisation,
            domain: null,
            isProxy: false,
          }
        : { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null },
    target: input.target === undefined || input.target.length === 0 ? null : input.target,
    transaction: {
      type: isJob ? 'JOB' : 'WEB',
      id: request.requestId,
      detail: input.apiTokenId === undefined ? {} : { requestApiTokenId: input.apiTokenId },
    },
    request: {
      ipChain: request.client.chain.map((hop) => ({
        ip: hop.ip,
        version: hop.version,
        source: hop.source,
        geographicalContext: null,
      })),
    },
    debugContext: {
      debugData: { requestId: request.requestId, requestUri: request.path, url: request.path, ...input.debugData },
    },
  };
};
