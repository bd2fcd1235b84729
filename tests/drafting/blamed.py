"""Sentences of postmortems: those that make a person the cause, and those that don't."""

BLAMING = """
Ann broke the deploy by renaming the flag.
The outage happened because of @ben's mistake.
Root cause: human error.
The incident was caused by Ben.
Ben forgot to add the refund prompt to the evals.
Chen should have noticed the drift earlier.
The on-call engineer ignored the alert for two hours.
The intern deleted the wrong index.
This was due to operator error during the rollback.
<@U0BEN> pushed a broken prompt at 08:05.
@chen merged the change without review.
Dara failed to tell the customers in time.
The annotator mislabelled 400 examples.
Someone forgot to rotate the key.
The reviewer didn't check the diff.
The reviewer did not read the model card.
Goran carelessly ran the migration on production.
It was Eli's fault that the clock was missed.
Fatima's mistake led to the leak.
The data scientist made a mistake in the label mapping.
A contractor accidentally uploaded the transcripts.
He should have known better.
She forgot the feature flag.
They forgot to disable the tool.
The ML team neglected to run the safety evals.
The leak was caused by an engineer who used the wrong token.
The operator misconfigured the guardrail.
Ben's deploy broke the cache.
Hana's prompt change introduced the bug.
The prompt was broken by Chen.
The commander was too slow to declare.
The responder on shift was careless.
The team lead is to blame for the missing rollback.
The failure is down to Ben.
We blame the vendor's engineer for the change.
The threshold was wrongly set by an analyst.
The developer introduced a faulty filter.
An employee mistakenly granted the agent write access.
The product owner overlooked the warning.
Ada Okafor skipped the tabletop drill.
The engineer who was on duty failed to escalate.
Due to Chen the rollback took an hour.
Thanks to Ben the wrong model went live.
One of the causes was negligence by the admin.
Mistakes by the labellers poisoned the data set.
It was an individual failure, not a systemic one.
Mike, our SRE, screwed up the failover.
You should have tested the prompt first.
Lisa misread the dashboard.
The person on call did not respond for 40 minutes.
Sam triggered the loop by restarting the agent.
The junior developer deployed it without testing.
Priya caused the outage with a bad config.
The SRE forgot to renew the certificate.
Because @ada did not check the dashboard, we lost an hour.
The prompt engineer pushed an untested template.
It happened because somebody on the platform team ignored the warning.
The root cause was an analyst who misread the query.
The support agent Maria leaked the prompt by pasting it in the chat.
The error was Tom's: he had not run the evals.
Our new hire ran the wrong script.
The incident commander should have escalated sooner.
The operator pressed the wrong button.
Carelessness of the release manager led to the incident.
Blame for the delay lies with Eli.
If Ben had paid attention, this would not have happened.
The engineer's negligence exposed customer data.
Jonas is responsible for the outage.
The moderators were sloppy.
The mistake was made by Dara.
Chen failed to notice the drift for two weeks.
The fault is entirely with the on-call engineer.
Had Chen checked the canary, we would have seen it.
The responder who was asleep missed the page.
Grace didn't follow the runbook.
The alert was missed by Omar.
Nina was responsible for the leak.
The wrong dataset was uploaded by a careless intern.
Greg's sloppy review let the bug through.
The team was complacent.
An inexperienced engineer was left in charge and broke the pipeline.
Poor judgement by the commander delayed containment.
The outage is on Kevin, who turned off the guardrail.
Laura broke the embedding index while cleaning up.
The migration failed because the DBA typed the wrong table name.
Simon's oversight meant the key stayed valid.
A developer hardcoded the token, which was negligent.
The vendor's engineer ignored our ticket.
The on-call misjudged the severity.
The data team forgot to tell us about the schema.
Rachel should not have approved the prompt.
Root cause: reviewer error.
The leak was Victor's fault.
The intern caused the spike by running the batch twice.
Lena accidentally gave the bot admin rights.
It was caused by the technician on duty.
The analyst wrongly assumed that the scores were calibrated.
Max deployed the model without approval.
Somebody at the vendor pressed the wrong button.
Due to an engineer's mistake the limits were removed.
You did not read the warning.
The failure was caused by Steve not following the runbook.
The manager neglected to assign an owner.
Martin messed up the label export.
The support lead was careless with the transcript.
The scribe forgot to note the time.
Because Amy skipped the canary, the bug reached everybody.
The incident was Carlos's fault.
An operator forgot to close the maintenance window.
The alert was ignored by the on-call engineer.
Emma broke production with an untested migration.
Human error led to the wrong threshold.
The data engineer accidentally dropped the table.
Peter should have rolled back at once.
The team lead approved the change without review.
Because of Julia, the key was exposed.
The annotators made several mistakes in the labels.
Someone pushed the wrong model.
The manager did not escalate in time.
This happened since Tim was careless.
The security analyst overlooked the warning.
Mistakes made by the reviewers caused the leak.
The contractor who set it up misconfigured the bucket.
Had the engineer tested the prompt, this would not have happened.
Nobody but Frank is to blame.
The admin's error opened the port.
Lucy and Sam failed to communicate.
The prompt author did not think about injections.
The trainee clicked the wrong link.
The developer was in a hurry and skipped the tests.
The delay was caused by Nina.
It was Hana who broke the pipeline.
Kenji made an error in the threshold.
The release manager rushed the rollout.
The vendor's support engineer gave us wrong advice, which caused the second outage.
""".strip().splitlines()

FAIR = """
The retrieval cache was shared between sessions since the 08:05 deploy.
Ann found the cause at 09:10 and switched the cache off.
Ben rolled the model back to version 41.
Chen suspected the tokenizer; it was ruled out at 10:02.
The agent ignored its instructions and deleted 41 orders.
The model failed to refuse in 12 of 20 tries.
The classifier missed the pattern because its training data held none.
Because of the shared cache, customers saw orders of others.
The deploy broke the cache key.
The user error rate rose to 4 %.
The alert fired at 08:12 and nobody owned its channel.
Nobody had been told that the guardrail was off.
No eval covered refunds in euros.
The review checklist does not ask for a rollback plan.
We had no alert on the guardrail's block rate.
Dara told the customers at 11:30.
Goran revoked the agent's write permission.
The on-call engineer was paged at 08:14 and answered within two minutes.
The commander declared the incident 25 minutes after the first sign.
Penny deleted 37 orders that she should only have read.
The vendor's model update was released without a changelog.
The incident was caused by a prompt template that dropped the system message.
The attacker hid instructions in a support ticket.
A customer reported the first wrong answer at 07:58.
Eli asked the regulator for the form.
The page did not reach the on-call engineer because the schedule had a gap.
The operator console showed no warning before the deletion.
Fatima decided to keep the feature off until Monday.
The data was mislabelled because two label schemes were mixed.
It took 40 minutes to find who owns the service.
The tool accepts any customer id; nothing checks who asks.
The canary compared latency and not answers.
Hana reproduced it in 9 of 10 tries.
The threshold was set to 0.9 during the drill and stayed there.
Human review was skipped for amounts under 50 euros by design.
Human oversight was configured for purchases only.
The rollback failed because the old weights had been deleted by the retention job.
What helped: Ben had kept the earlier prompt.
Luck: Ada happened to read the logs that morning.
The scheduler triggered the agent twice.
Two people worked on the same fix because there was one channel for all of it.
The team added an eval for refunds.
The responders took 12 minutes to get access to the vendor's console.
This was not a human error but a missing check.
The error message named the wrong file.
The errors of the model were confident and wrong.
They were told by mail on 24 April.
The engineer on call followed the runbook, which named the old cluster.
Chen's hypothesis was confirmed at 10:40.
Ben's rollback ended the harm.
The bot should have refused such requests.
It should have been caught by the evals.
The filter skipped messages longer than 4,000 characters.
The model introduced a wrong date in the summary.
The cache broke when the region failed over.
Customers were shown the wrong price because of the currency table.
Update 3 was published 12 minutes late.
Ada took the role of commander at 08:20.
The switch was thrown by Goran at 08:41.
The prompt was changed by Chen at 08:05 as planned.
The agent triggered the refund tool 312 times.
The vendor did not announce the change.
The developers of the vendor were reached at 12:10.
Priya wrote the fix and Tom reviewed it.
The SRE on call acknowledged the page at 03:12.
The monitoring did not cover the batch job.
The agent was given write access by default.
An engineer noticed wrong totals in the weekly report.
The model made a mistake in 3 of 50 summaries.
The mistake was possible because the form accepts empty fields.
The prompt injection caused the agent to mail the file.
Kenji was told by the vendor that the model had changed.
The team agreed to keep the feature off.
Nobody on call had access to the vendor console.
The reviewer had 400 items an hour to check, which leaves nine seconds each.
Maria asked for a second opinion and got it after 20 minutes.
The error budget was spent by noon.
The evals did not include Spanish.
The support agents answered 230 mails that day.
The retriever ignored documents without a date.
The pipeline failed to start after the rollback.
It broke when two jobs wrote the same file.
The operator's manual describes the old console.
Tom was on call and answered at once.
Had the canary compared answers, it would have shown the drift.
If the cache had been keyed by customer, nothing would have leaked.
The mistake was in the prompt template.
The error is caused by a missing index.
The fault was the shared session.
Grace followed the runbook, which skipped the purge step.
The operators had no way to see the queue.
Responsibility for the schedule was not written down.
People were shown wrong balances for 40 minutes.
Omar saw the alert and called Nina.
The engineers tried three fixes before the rollback.
The model used the wrong tool for refunds.
The agent picked the wrong customer in 12 cases.
The dashboard was set to the wrong region.
The reviewers of the labels were asked to work at night.
The customers sent the wrong form because the bot told them to.
Ada decided against a shutdown, since the phones were still working.
The person on call was not reachable because the phone tree was out of date.
Eva and Leo wrote the customer update together.
Kevin turned the guardrail back on at 10:15.
Laura and Simon restored the index from the backup.
The migration typed the column as text.
The key stayed valid because revocation is a manual step.
The vendor's ticket queue ignored severity.
Severity was first set to SEV3 and raised to SEV2 at 09:20.
The schema change was not announced in any channel.
Approval of a prompt needs one person and no eval run.
The batch ran twice because the scheduler retried it.
The bot was given admin rights by the installer's default.
The scores were assumed to be calibrated in all three services.
The model was deployed through the old pipeline, which has no approval step.
The button for all regions stands beside the one for a single region.
The limits were removed by a flag that expired.
The warning is shown once and scrolls away.
The runbook names a step that no longer exists.
No owner was assigned in the register.
The label export mixed two encodings.
The transcript was shared in a channel with guests.
The canary was skipped automatically since traffic was low.
Victor asked whether the leak was over; it was not.
Martin exported the labels again and Rachel checked them.
The technicians on duty reached the site within 20 minutes.
Amy proposed to keep the canary for a full day.
Steve followed the runbook to the letter.
The agent should not have been able to pay.
The classifier accidentally learned the watermark.
The chatbot misread the date format.
An expired certificate broke the tool calls.
The retry triggered the same payment twice.
The new hires were trained on the old console.
A person at the vendor confirmed the change.
The commander asked for updates every 30 minutes.
Max noted that the limit had been 50 before.
Our evals overlooked long conversations.
The team learned of it from a customer.
They were sent 212 wrong letters.
He confirmed the numbers at 12:30.
The support lead told customers the truth at once.
Users made mistakes because the form hid the unit.
Carlos restored the bucket from a copy.
The maintenance window was still open when the alert fired.
The alert went to a channel that nobody reads at night.
Emma and Peter worked on the migration together.
The threshold was copied from another region.
The table was dropped by a retention rule.
The rollback took 14 minutes because the image was not cached.
The change went out without review, which the pipeline allows.
The key was readable by every service account.
The labels of two vendors disagree in 9 % of cases.
The wrong model was loaded because two files had the same name.
Escalation needs a phone number that was out of date.
The warning was one of 300 that day.
The bucket is public by default.
The engineer tested the prompt with 20 inputs, none in German.
Nina announced the delay at 11:00.
The agent made a mistake and apologised.
The bot told a customer that Frank had approved the refund.
The reviewers asked for an eval of injections.
Tests are skipped for hotfixes by design.
Sam told Lucy about the change on Friday; the handover has no field for it.
The developer console hides failed jobs.
The model ignored the system prompt in long chats.
The vendor's engineers confirmed the bug.
The user forgot the password and the bot reset it without a check.
""".strip().splitlines()
