import type { Handler } from '../http/exchange.ts';
import { createEnrolmentCode } from '../users/create-enrolment-code.ts';
import type { ZeroStandingBody } from './carry-out-zero-standing.ts';
import {
  finishSetupProgress,
  getSetupProgress,
  markSetupStep,
  type SetupMarkInput,
  testCheckpoint,
} from './setup-progress.ts';
import { applyZeroStanding, getZeroStanding, previewZeroStanding } from './zero-standing.ts';

export const setupProgressHandlers = {
  'setupProgress.get': async ({ services, principal }) => ({ body: await getSetupProgress(services, principal) }),
  'setupProgress.mark': async ({ services, principal, params, body }) => ({
    body: await markSetupStep(services, principal, params['step'] ?? '', body as SetupMarkInput),
  }),
  'setupProgress.testCheckpoint': async ({ services, principal }) => ({
    body: await testCheckpoint(services, principal),
  }),
  'setupProgress.finish': async ({ services, principal }) => ({
    body: await finishSetupProgress(services, principal),
  }),
  'zeroStanding.get': async ({ services, principal }) => ({ body: await getZeroStanding(services, principal) }),
  'zeroStanding.preview': async ({ services, principal, body }) => ({
    body: await previewZeroStanding(services, principal, body as ZeroStandingBody),
  }),
  'zeroStanding.apply': async ({ services, principal, body }) => ({
    body: await applyZeroStanding(services, principal, body as ZeroStandingBody),
  }),
  'enrolmentCodes.create': async ({ services, principal, params }) => ({
    body: await createEnrolmentCode(services, principal, params['userId'] ?? ''),
  }),
} satisfies Record<string, Handler>;
