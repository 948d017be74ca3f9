-- Proofs of passwords are few among the passwords themselves: who looks for them must not read all.
create index credential_challenge on credential (seq) where challenge is not null;
