import { call } from './call.ts';
import { describeError } from './describe-error.ts';
import { byId, say, showStep, whileBusy } from './dom.ts';
import { takeCode } from './take-code.ts';

const code = takeCode();
const chooseStep = byId('step-choose', HTMLElement);
const doneStep = byId('step-done', HTMLElement);
const alertLine = byId('choose-alert', HTMLElement);
const newPassword = byId('new-password', HTMLInputElement);

const choose = async (): Promise<void> => {
  say(alertLine);
  try {
    const { login } = await call<{ login: string }>('POST', '/sallyport/v1/password-resets', {
      body: { code, newPassword: newPassword.value },
    });
    newPassword.value = '';
    say(byId('done-login', HTMLElement), login);
    showStep([chooseStep, doneStep], doneStep);
  } catch (error) {
    say(alertLine, describeError(error));
    newPassword.focus();
  }
};

byId('choose-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void whileBusy([byId('choose', HTMLButtonElement)], choose);
});
if (code === '')
  say(alertLine, 'This link is not whole: what stands behind # is missing. Ask whoever gave it to you for all of it.');
