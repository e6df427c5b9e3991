package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.rsa.RsaKey;
import cardsecure.rsa.RsaKeyDirectory;
import cardsecure.rsa.RsaPadding;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What administrators can do with the RSA keys of sites, and the record of what they did. Safe for threads.
final class RsaKeyCommands {
    private static final String HINT = "; `cardsecure site rsa-key new --help` says which there are";

    private final RsaKeyDirectory keys;
    private final AuditLog audit;
    private final InstantSource clock;
    private final SecureRandom random;

    RsaKeyCommands(RsaKeyDirectory keys, AuditLog audit, InstantSource clock, SecureRandom random) {
        this.keys = keys;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
    }

    AdminReply.Answer list(Site site) {
        return new AdminReply.RsaKeys(
                keys.of(site.id()).all().stream().map(RsaKeyView::of).toList());
    }

    AdminReply.Answer make(
            Site site, AdminRequest.RsaKeyNew request, String user, Consumer<AdminReply.Progress> progress)
            throws StoreException {
        RsaPadding padding = RsaPadding.of(request.padding())
                .orElseThrow(() -> wrong("an RSA key's padding is pkcs1 or oaep-sha256"));
        if (!RsaKey.BITS.contains(request.bits())) {
            throw wrong("an RSA key has 2048, 3072 or 4096 bits");
        }
        progress.accept(new AdminReply.Progress("making a key of " + request.bits() + " bits"));
        List<RsaKey> before = keys.of(site.id()).all();
        // Before anything waits for it: it can take seconds.
        RsaKey made = RsaKey.generate(request.bits(), padding, clock.instant().truncatedTo(ChronoUnit.SECONDS), random);
        AuditedChange change = new AuditedChange(audit, "site rsa-key new", site.name(), user);
        RsaKey added;
        try {
            added = keys.add(site.id(), made);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        String what = "key " + added.number() + ", " + added.bits() + " bits, " + padding.label() + ", SHA-256 "
                + added.sha256();
        change.record(what);
        List<String> lines = new ArrayList<>(List.of("RSA " + what, "KG of " + site.name() + " gives this one now"));
        for (RsaKey old : before) {
            lines.add("key " + old.number() + " goes on decrypting; when no caller uses it any more:"
                    + " cardsecure site rsa-key remove " + site.name() + " --key " + old.number());
        }
        if (!before.isEmpty() && before.getFirst().padding() != padding) {
            lines.add("warning: callers that fetch the key with KG must change to " + padding.label() + " with it");
        }
        return new AdminReply.Done(lines);
    }

    AdminReply.Answer remove(Site site, int number, String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, "site rsa-key remove", site.name() + "/" + number, user);
        try {
            keys.remove(site.id(), number);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        change.record("removed");
        List<RsaKey> left = keys.of(site.id()).all();
        List<String> lines = new ArrayList<>(List.of("RSA key " + number + " of " + site.name() + " removed"));
        if (left.isEmpty()) {
            lines.add("warning: " + site.name() + " has no RSA key any more: CR, AR, PR, SR and KG get 0049");
        } else if (left.getFirst().number() < number) {
            lines.add("warning: KG of " + site.name() + " gives key "
                    + left.getFirst().number() + " again");
        }
        return new AdminReply.Done(lines);
    }

    private static Refusal wrong(String rule) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, rule + HINT);
    }
}
