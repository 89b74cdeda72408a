import { Command } from 'commander';
import { addAccessVerbs } from './verbs/access.ts';
import { addAdminVerbs } from './verbs/admin.ts';
import { addApi } from './verbs/api.ts';
import { addAppVerbs } from './verbs/app.ts';
import { addApprovalVerbs } from './verbs/approval.ts';
import { addAuthenticatorVerbs } from './verbs/authenticator.ts';
import { addBreakGlassVerbs } from './verbs/break-glass.ts';
import { addBundleVerbs } from './verbs/bundle.ts';
import { addCampaignVerbs } from './verbs/campaign.ts';
import { addCompletion } from './verbs/completion.ts';
import { addConfig } from './verbs/config.ts';
import { addGrantVerbs } from './verbs/grant.ts';
import { addGroupVerbs } from './verbs/group.ts';
import { addGroupRuleVerbs } from './verbs/group-rule.ts';
import { addHelp } from './verbs/help.ts';
import { addInbox } from './verbs/inbox.ts';
import { addKeyVerbs } from './verbs/key.ts';
import { addLogVerbs } from './verbs/log.ts';
import { addLogin } from './verbs/login.ts';
import { addLogout } from './verbs/logout.ts';
import { addOrgVerbs } from './verbs/org.ts';
import { addPolicyVerbs } from './verbs/policy.ts';
import { addProtectedActionVerbs } from './verbs/protected-action.ts';
import { addRequestVerbs } from './verbs/request.ts';
import { addRequestConditionVerbs } from './verbs/request-condition.ts';
import { addRequestSequenceVerbs } from './verbs/request-sequence.ts';
import { addResourceSetVerbs } from './verbs/resource-set.ts';
import { addReviewVerbs } from './verbs/review.ts';
import { addRoleVerbs } from './verbs/role.ts';
import { addServerVerbs } from './verbs/server.ts';
import { addServiceAccountVerbs } from './verbs/service-account.ts';
import { addSessionVerbs } from './verbs/session.ts';
import { addSettingsVerbs } from './verbs/settings.ts';
import { addSetupVerbs } from './verbs/setup.ts';
import { addTokenVerbs } from './verbs/token.ts';
import { addTrustedOriginVerbs } from './verbs/trusted-origin.ts';
import { addUserImport } from './verbs/user-import.ts';
import { addUserList } from './verbs/user-list.ts';
import { addUserSchemaVerbs } from './verbs/user-schema.ts';
import { addWebhookVerbs } from './verbs/webhook.ts';
import { addWhatIf } from './verbs/what-if.ts';
import { addWhoami } from './verbs/whoami.ts';
import { addZoneVerbs } from './verbs/zone.ts';
import { VERSION } from './version.ts';

/** The tree of verbs: `sallyport <noun> <verb>`. One file per noun under verbs/. */
export const createProgram = (): Command => {
  const program = new Command('sallyport')
    .description('The guarded double door for administrators.')
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride()
    // What is wrong is said in one place, in run.ts.
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      '\nExamples:\n  sallyport login\n  sallyport log query eventType eq "security.session.detect_client_roaming"\n  sallyport session list\n  sallyport server doctor',
    );
  addLogin(program);
  addLogout(program);
  addWhoami(program);
  addSessionVerbs(program);
  addKeyVerbs(program);
  addAuthenticatorVerbs(program);
  addTokenVerbs(program);
  const user = program.command('user').description('people');
  addUserList(user);
  addUserImport(user);
  addUserSchemaVerbs(program);
  addServiceAccountVerbs(program);
  addBreakGlassVerbs(program);
  addWebhookVerbs(program);
  const group = program.command('group').description('groups of people');
  addGroupVerbs(group);
  addGroupRuleVerbs(group);
  addLogVerbs(program);
  addZoneVerbs(program);
  addTrustedOriginVerbs(program);
  addAppVerbs(program);
  addPolicyVerbs(program);
  addWhatIf(program);
  addOrgVerbs(program);
  addSettingsVerbs(program);
  addProtectedActionVerbs(program);
  addAdminVerbs(program);
  addRoleVerbs(program);
  addAccessVerbs(program);
  addResourceSetVerbs(program);
  addInbox(program);
  addApprovalVerbs(program);
  addRequestVerbs(program);
  addBundleVerbs(program);
  addRequestConditionVerbs(program);
  addRequestSequenceVerbs(program);
  addGrantVerbs(program);
  addCampaignVerbs(program);
  addReviewVerbs(program);
  addApi(program);
  addConfig(program);
  addCompletion(program);
  addSetupVerbs(program);
  addServerVerbs(program);
  addHelp(program);
  return program;
};

/** A noun alone lists, or shows: `sallyport session` is `sallyport session list`. */
export const withUsualVerb = (program: Command, words: readonly string[]): string[] => {
  const [noun, next] = words;
  const command = program.commands.find((candidate) => candidate.name() === noun);
  if (command === undefined || (next !== undefined && (!next.startsWith('-') || next === '--help' || next === '-h')))
    return [...words];
  const usual = ['list', 'show', 'query'].find((verb) =>
    command.commands.some(
      (candidate) => candidate.name() === verb && candidate.registeredArguments.every(({ required }) => !required),
    ),
  );
  return usual === undefined ? [...words] : [noun as string, usual, ...words.slice(1)];
};
