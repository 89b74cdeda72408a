import type { Handler } from '../http/exchange.ts';
import { createEnrolmentCode } from '../users/create-enrolment-code.ts';
import {
  finishSetupProgress,
  getSetupProgress,
  markSetupStep,
  type SetupMarkInput,
  testCheckpoint,
} from './setup-progress.ts';

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
  'enrolmentCodes.create': async ({ services, principal, params }) => ({
    body: await createEnrolmentCode(services, principal, params['userId'] ?? ''),
  }),
} satisfies Record<string, Handler>;
