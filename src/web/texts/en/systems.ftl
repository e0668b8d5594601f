### Other systems, letters and the log's proofs.

## Service accounts
accounts-title = Service accounts
accounts-lead = Other systems read the register and write outcomes through a service account, with the rights that it has. Each account has an end.
accounts-search = Search names
accounts-none = There are no service accounts to show here.
account-new = New service account
account-add = Add the account
account-new-about = The account can be used once it has a secret. You make that on the account's page.
account-name-hint = The system that the account is for.
account-reach = Holds at and below
account-reach-hint = The account reaches this organisation and what lies below it. This cannot be changed later.
account-scopes = Rights
account-scopes-hint = To read is to read what an auditor reads.
account-scopes-taken = A right that is taken away ends at once, also for what is signed in.
account-expires = Expires
account-expires-hint = Three years ahead at most. The time is that of Sweden.
account-lives = holds until { $time }
account-expired = ended { $time }
account-ended = closed down
account-client = Client id
account-changes = Change the account
account-change = Change name, rights or end
account-end = End the account
account-end-about = The account's secrets are revoked, and the system is kept out from its next request on. The history stays.
account-reopen = Open the account again
account-reopen-about = The account needs a new secret before the system gets in. The old ones do not come back.
secrets-title = Secrets
secrets-about = A secret is shown once, when it is made, and kept nowhere.
secrets-none = The account has no secret and cannot be used yet.
secret-made-at = Made { $time }
secret-holds = It holds.
secret-holds-until = It holds until { $time }.
secret-over = It held until { $time }.
secret-revoked = Revoked { $time }.
secret-revoke = Revoke the secret
secret-revoke-about = The secret ends at once, and with it what the system has got by it.
secret-new = Make a secret
secret-new-about = The secret is shown only once, here. Put it into the system, together with the client id.
secret-earlier = Earlier secrets hold until
secret-earlier-hint = Empty means seven days, so that the system can change over. Thirty days at most.
secret-made = The secret is { $told } – it is shown only now.
secret-not-now = The account gets no secret before it is open and its end lies ahead.
done-createServiceAccount = The service account has been added. Make a secret, and it can be used.
done-changeServiceAccount = The service account has been changed.
done-revokeServiceCredential = The secret has been revoked.

## Webhooks
webhooks-title = Webhooks
webhooks-lead = Another system can be told of what happens here, as it happens. What is sent is which event it is and what it is about, never any texts.
webhooks-none = There are no webhooks to show here.
webhook-new = New webhook
webhook-add = Add the webhook
webhook-new-about = The system is told of what happens from now on. The secret that its messages are signed with is shown once, when the webhook has been added.
webhook-of = Events of
webhook-of-hint = The organisation and what lies below it. This cannot be changed later.
webhook-url = Address
webhook-url-hint = Begins with https:// and leads to the other system.
webhook-kinds = Kinds of events
webhook-kinds-hint = With the boxes empty, every event is sent.
webhook-every-kind = Every event
webhook-active = Send
webhook-active-hint = While this is not ticked the events wait, and are sent later.
webhook-on = sending
webhook-off = turned off, the events wait
webhook-paused = paused by the register: { $reason }
webhook-failing = has not come through since { $time }
webhook-changes = Change the webhook
webhook-change = Change name, address or events
webhook-replay = Send again
webhook-replay-about = The events are sent once more, in order and under the same names as the first time, before what is new.
webhook-replay-from = From this moment on
webhook-secret = Change the secret
webhook-secret-about = The new secret is shown once, here. For a day the messages are signed with the old one, too.
webhook-made = The webhook has been added. Its secret is { $told } – it is shown only now.
webhook-secret-made = The new secret is { $told } – it is shown only now.
webhook-delete = Remove the webhook
webhook-delete-about = Nothing more is sent, and the list of deliveries goes. The history stays.
done-changeWebhook = The webhook has been changed.
done-deleteWebhook = The webhook has been removed.
told-replayed = { $count ->
    [0] No event is sent again: what the system has not been told of is in the queue already.
    [one] One event is sent again.
   *[other] { $count } events are sent again.
}
deliveries-title = Deliveries
deliveries-about = The attempts of the last thirty days, the newest first.
deliveries-count = { $count ->
    [one] One attempt
   *[other] { $count } attempts
}
delivery-attempt = Attempt number
delivery-outcome = What came of it
delivery-next = Next attempt

## Letters
letters-title = Letters
letters-lead = Letters from the register in the last ninety days, and what became of them. What stood in them is not kept.
letters-no-mail = The register sends no mail: no mail server has been named.
letters-mine = Letters to me, and what became of them
letters-count = { $count ->
    [one] One letter
   *[other] { $count } letters
}
letter-made = Decided
letter-to = To
letter-kind = Sort
letter-status = What became of it
letter-next = { $attempts } attempts so far, the next { $time }

## That the log has only grown
growth-title = Proof that the log has only grown
growth-about = Between two checkpoints events may only be added: none may be changed, moved or disappear. The proof of that is made here.
growth-choose = Choose two sizes
growth-from = From so many events
growth-to = To so many events
growth-send = Show the proof
growth-proof = From { $from } to { $to } events
growth-proof-about = The root at the first size must be the one on the third line of the checkpoint that you have kept. The proof then shows, as RFC 6962 has it, that the log at the second size goes on from the first.
growth-root = Root at { $size } events
growth-hashes = Hashes of the proof
growth-hashes-none = None are needed: the log is the same.
growth-get = Get the proof
growth-file = growth-proof
growth-since = Up to the newest
growth-open = Checkpoints, and proof that the log has only grown
checkpoint = Checkpoint
