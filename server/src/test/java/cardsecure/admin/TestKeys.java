package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.config.KekUri;
import cardsecure.kek.Keks;
import cardsecure.kek.SecretReader;
import cardsecure.keys.Keystore;
import cardsecure.rotation.KeyProcedures;
import cardsecure.rotation.LiveKeys;
import cardsecure.store.GroupCommit;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.vault.SiteDirectory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/// The keys of a store in a test, under a KEK in a file of its data directory.
record TestKeys(LiveKeys live, KeyCommands commands) {
    static TestKeys of(TokenStore store, GroupCommit commits, Path data, AuditLog audit, InstantSource clock)
            throws StoreException {
        SecureRandom random = new SecureRandom();
        Keks keks = new Keks(data, new SecretReader(_ -> Optional.empty()), random);
        KekUri uri = KekUri.parse("file:kek.key");
        Keystore keystore = new Keystore(store, keks.openOrCreate(uri), random, clock);
        LiveKeys live = new LiveKeys(store, commits, keystore, keystore.openOrCreate(), SecureRandom::new);
        return new TestKeys(live, new KeyCommands(live, keks, uri, audit, clock, random));
    }

    /// What can be done to the keys; nothing runs before it is begun.
    KeyProcedures procedures(TokenStore store, GroupCommit commits, SiteDirectory sites, AuditLog audit) {
        return new KeyProcedures(
                store, commits, live, audit, sites::mayHaveClearRows, new SecureRandom(), InstantSource.system());
    }
}
