import { EVENT_TYPES } from '@sallyport/model/event-types';
import { PERMISSIONS } from '@sallyport/model/roles';
import { describe, expect, it } from 'vitest';
import { isMutating, type Route } from './define-route.ts';
import { routes } from './routes.ts';

const all: readonly Route[] = routes;
const mutating = all.filter(isMutating);

describe('the route table', () => {
  it('has rows, each name and each method with path once', () => {
    expect(all.length).toBeGreaterThan(70);
    const shape = (route: Route): string => `${route.method} ${route.path.replace(/\{\w+\}/g, '*')}`;
    expect(new Set(all.map((route) => route.name)).size).toBe(all.length);
    expect(new Set(all.map(shape)).size).toBe(all.length);
  });
  it('names for every mutating route its permission, its protected action or why none, and its events', () => {
    for (const route of mutating) {
      expect(route.events.length, route.name).toBeGreaterThan(0);
      for (const event of route.events) expect(Object.hasOwn(EVENT_TYPES, event), route.name).toBe(true);
      const { protection } = route;
      expect('action' in protection ? protection.action : protection.none, route.name).toMatch(/\S{3,}/);
    }
  });
  it('opens no route to the anonymous that is not part of signing in, setting up or the machines’ way in', () => {
    const open = all.filter((route) => route.access.kind === 'anonymous').map((route) => route.name);
    expect(open.sort()).toEqual([
      'cliSessions.open',
      // Tells nothing, and needs the id of a trial that an administrator began within the last minute.
      'clientAddress.settleProbe',
      'mySessions.prove',
      'oauth.introspect',
      'oauth.metadata',
      'oauth.organization',
      'oauth.revoke',
      'oauth.token',
      'passwords.choose',
      'sessions.create',
      'setup.activateKey',
      'setup.claim',
      'setup.enrolKey',
      'setup.finish',
      'signIn.cancel',
      'signIn.changePassword',
      'signIn.start',
      'signIn.verifyFactor',
    ]);
  });
  it('asks for a managing permission wherever something of others changes', () => {
    // What these make or take away is the caller's own copy of what they may read.
    const ofOnesOwn = /^(?:savedQueries|logExports)\./;
    for (const route of mutating) {
      if (route.access.kind !== 'admin' || ofOnesOwn.test(route.name)) continue;
      expect(PERMISSIONS).toContain(route.access.permission);
      expect(route.access.permission, route.name).not.toMatch(/\.read$/);
    }
  });
});
