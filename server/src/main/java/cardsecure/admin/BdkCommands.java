package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.BaseKeys;
import cardsecure.dukpt.CheckValue;
import cardsecure.dukpt.KeyBlock;
import cardsecure.dukpt.KeyBlockKey;
import cardsecure.dukpt.KeyComponents;
import cardsecure.dukpt.KeySetId;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.LoadedKeyBlockKey;
import cardsecure.dukpt.SiteBaseKey;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.vault.ReaderCounters;
import cardsecure.vault.SiteDirectory;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What administrators can do with the base keys of readers, and the record of what they did. Safe for threads.
public final class BdkCommands {
    private static final String KEK = "kek";
    private static final String HINT = "; `cardsecure bdk add --help` says which there are";

    private static final String ENTER_ANEW = "enter all components anew";
    private static final String WRAP_ANEW = "have that wrapped for the vault";

    private final BaseKeys keys;
    private final ReaderCounters counters;
    private final AuditLog audit;
    private final InstantSource clock;
    private final boolean testKeysAllowed;
    private final PendingComponents pending;

    /// Takes its parts.
    ///
    /// @param sites whose keys they are
    /// @param testKeysAllowed whether keys that are published, or worth less than their length, may be loaded
    public BdkCommands(SiteDirectory sites, AuditLog audit, InstantSource clock, boolean testKeysAllowed) {
        this.keys = sites.baseKeys();
        this.counters = sites.readerCounters();
        this.audit = audit;
        this.clock = clock;
        this.testKeysAllowed = testKeysAllowed;
        this.pending = new PendingComponents(clock);
    }

    /// What to do where a refusal does not say it.
    static String usualHint(AdminRequest.OfBaseKeys request) {
        return switch (request) {
            case AdminRequest.BdkAdd _ -> "`cardsecure bdk add --help` says what it takes";
            case AdminRequest.BdkImport _ ->
                "hand the file over as it came, a key block of a base key and nothing else (TR-31, X9.143); if it is"
                        + " that, have the key wrapped anew";
            case AdminRequest.BdkKekAdd _ ->
                "each component is as long as the key; `cardsecure bdk kek add --help` says what it takes";
            case AdminRequest.BdkList _, AdminRequest.BdkRemove _, AdminRequest.BdkKekRemove _ ->
                "`cardsecure bdk list` shows what there is";
            case AdminRequest.BdkForgetReader _ -> "`cardsecure bdk forget-reader --help` says what it takes";
        };
    }

    AdminReply.Answer list(List<Site> sites) throws StoreException {
        List<BaseKeysView.BaseKeyView> views = new ArrayList<>();
        for (Site site : sites) {
            for (SiteBaseKey each : keys.of(site.id())) {
                views.add(new BaseKeysView.BaseKeyView(
                        site.name(),
                        each.keySet().digits(),
                        each.key().algorithm().label(),
                        each.variant().label(),
                        each.key().checkValue().hex(),
                        each.added(),
                        ReaderKeyWarning.of(each.key()).orElse("")));
            }
        }
        Optional<BaseKeysView.KeyBlockKeyView> kek = keys.keyBlockKey()
                .map(loaded -> new BaseKeysView.KeyBlockKeyView(
                        loaded.key().cipher().label(),
                        loaded.key().key().length() * Byte.SIZE,
                        loaded.key().checkValue().hex(),
                        ReaderKeyWarning.of(loaded).orElse("")));
        return new AdminReply.BaseKeys(new BaseKeysView(kek, views, pending.views()));
    }

    AdminReply.Answer add(Site site, AdminRequest.BdkAdd request, String user) throws StoreException {
        KeySetId keySet = new KeySetId(request.keySet());
        AuditedChange change = new AuditedChange(audit, "bdk add", target(site, keySet), user);
        try {
            return add(site, keySet, request, user, change);
        } catch (Refusal e) {
            throw change.refused(e);
        }
    }

    private AdminReply.Answer add(
            Site site, KeySetId keySet, AdminRequest.BdkAdd request, String user, AuditedChange change)
            throws StoreException {
        BaseKeyAlgorithm algorithm = BaseKeyAlgorithm.of(request.algorithm())
                .orElseThrow(() -> wrong("a base key is of tdes, aes-128, aes-192 or aes-256"));
        KeyVariant variant = variant(request.variant(), algorithm);
        SiteBaseKey.requireFit(keySet, variant, algorithm);
        keys.requireNone(site.id(), keySet, algorithm.scheme());
        var plan = new PendingComponents.Plan(
                target(site, keySet),
                algorithm.label() + ", " + variant.label(),
                request.components(),
                algorithm.length());
        PendingComponents.Entered entered = enter(plan, user, request.component(), request.oneCustodian());
        CheckValue ofComponent = new BaseKey(algorithm, request.component()).checkValue();
        List<String> lines = componentLines(plan, entered, ofComponent, user, change);
        if (!entered.all().isEmpty()) {
            BaseKey key = new BaseKey(algorithm, combined(entered));
            String how = entered.eachByAnother() ? "of components" : "of components of one custodian";
            lines.addAll(load(site, keySet, request.variant(), key, change, how, ENTER_ANEW));
        }
        return new AdminReply.Done(lines);
    }

    AdminReply.Answer importBlock(Site site, AdminRequest.BdkImport request, String user) throws StoreException {
        KeySetId keySet = new KeySetId(request.keySet());
        AuditedChange change = new AuditedChange(audit, "bdk add", target(site, keySet), user);
        try {
            return importBlock(site, keySet, request, change);
        } catch (Refusal e) {
            throw change.refused(e);
        }
    }

    private AdminReply.Answer importBlock(
            Site site, KeySetId keySet, AdminRequest.BdkImport request, AuditedChange change) throws StoreException {
        KeyBlock block = KeyBlock.parse(request.keyBlock());
        LoadedKeyBlockKey protection = keys.keyBlockKey()
                .orElseThrow(() -> new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "there is no key-block key; `cardsecure bdk kek add` loads one, of components"));
        requireNotForTryingOut(protection);
        // The base key is worth what the key is that it came under.
        Optional<String> warning = ReaderKeyWarning.of(protection);
        String under = "of a key block under " + protection.key().checkValue()
                + warning.map(text -> " (" + text + ")").orElse("");
        BaseKey key = block.unwrap(protection.key());
        List<String> lines = new ArrayList<>(load(site, keySet, request.variant(), key, change, under, WRAP_ANEW));
        warning.ifPresent(text -> lines.add("warning: the key-block key: " + text));
        return new AdminReply.Done(lines);
    }

    private void requireNotForTryingOut(LoadedKeyBlockKey protection) {
        if (!testKeysAllowed && protection.isForTryingOut()) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "the key-block key protects nothing, as "
                            + ReaderKeyWarning.of(protection).orElse("it is weak")
                            + "; `cardsecure bdk kek remove` it, and have another entered by its custodians");
        }
    }

    /// Destroys a key that is refused.
    ///
    /// @param anew what to do about a weak one
    private List<String> load(
            Site site,
            KeySetId keySet,
            Optional<String> variant,
            BaseKey baseKey,
            AuditedChange change,
            String how,
            String anew)
            throws StoreException {
        SiteBaseKey key;
        try {
            requireNoTestKey(baseKey.isDegenerate(), baseKey.isPublished(), anew);
            key = new SiteBaseKey(
                    keySet,
                    variant(variant, baseKey.algorithm()),
                    baseKey,
                    clock.instant().truncatedTo(ChronoUnit.SECONDS));
            keys.add(site.id(), key);
        } catch (Refusal e) {
            baseKey.key().destroy();
            throw e;
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        String what =
                baseKey.algorithm().label() + ", " + key.variant().label() + ", check value " + baseKey.checkValue();
        change.record("loaded " + how + ": " + what);
        return List.of("base key of " + site.name() + " for " + keySet + " loaded: " + what);
    }

    AdminReply.Answer remove(Site site, String keySetDigits, String user) throws StoreException {
        KeySetId keySet = new KeySetId(keySetDigits);
        String target = target(site, keySet);
        AuditedChange change = new AuditedChange(audit, "bdk remove", target, user);
        List<String> lines = new ArrayList<>();
        if (pending.forget(target)) {
            change.record("components forgotten");
            lines.add("the components for " + target + " are forgotten");
        }
        boolean loaded =
                keys.of(site.id()).stream().anyMatch(key -> key.keySet().equals(keySet));
        if (loaded || lines.isEmpty()) {
            try {
                keys.remove(site.id(), keySet);
            } catch (StoreException e) {
                throw change.unknown(e);
            }
            change.record("removed");
            lines.add("base key of " + site.name() + " for " + keySet
                    + " removed: what its readers encrypt can be read no more");
        }
        return new AdminReply.Done(lines);
    }

    /// For a reader that was given a new key, and counts from 1 again.
    AdminReply.Answer forgetReader(Site site, String device, String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, "bdk forget-reader", site.name() + " " + device, user);
        boolean known;
        try {
            known = counters.forget(site.id(), device);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        if (!known) {
            return new AdminReply.Failed(
                    "no counter is kept of this reader",
                    "a reader is named as the log does: its KSN with a counter of 0, in hexadecimal digits");
        }
        change.record("forgotten");
        return new AdminReply.Done(List.of("the counter of reader " + device + " is forgotten: any is good again"));
    }

    AdminReply.Answer addKek(AdminRequest.BdkKekAdd request, String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, "bdk kek add", KEK, user);
        try {
            return addKek(request, user, change);
        } catch (Refusal e) {
            throw change.refused(e);
        }
    }

    private AdminReply.Answer addKek(AdminRequest.BdkKekAdd request, String user, AuditedChange change)
            throws StoreException {
        KeyBlockKey.Cipher cipher = KeyBlockKey.Cipher.of(request.cipher())
                .orElseThrow(() -> wrong("a key-block key is of tdes (key blocks A, B, C) or aes (D)"));
        if (keys.keyBlockKey().isPresent()) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD, "there is a key-block key; `cardsecure bdk kek remove` destroys it");
        }
        // Before it is taken: of a wrong length it could be no part of a key.
        KeyBlockKey component = new KeyBlockKey(cipher, request.component());
        var plan = new PendingComponents.Plan(
                KEK, cipher.label(), request.components(), request.component().length());
        PendingComponents.Entered entered = enter(plan, user, request.component(), request.oneCustodian());
        List<String> lines = componentLines(plan, entered, component.checkValue(), user, change);
        if (!entered.all().isEmpty()) {
            KeyBlockKey key = new KeyBlockKey(cipher, combined(entered));
            try {
                lines.add("key-block key loaded: " + loadKek(key, entered, request.oneCustodian(), change));
            } finally {
                // It is read from the store each time that it is used.
                key.key().destroy();
            }
        }
        return new AdminReply.Done(lines);
    }

    private String loadKek(
            KeyBlockKey key, PendingComponents.Entered entered, boolean oneCustodian, AuditedChange change)
            throws StoreException {
        requireNoTestKey(key.isDegenerate(), key.isPublished(), ENTER_ANEW);
        try {
            keys.loadKeyBlockKey(new LoadedKeyBlockKey(key, custody(entered, oneCustodian)));
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        String what =
                key.cipher().label() + ", " + key.key().length() * Byte.SIZE + " bits, check value " + key.checkValue();
        change.record("loaded of components" + (entered.eachByAnother() ? "" : " of one custodian") + ": " + what);
        return what;
    }

    /// Destroys a component that is refused.
    private PendingComponents.Entered enter(
            PendingComponents.Plan plan, String user, SecretBytes component, boolean oneCustodian) {
        try {
            return pending.enter(plan, user, component, testKeysAllowed || oneCustodian);
        } catch (Refusal e) {
            component.destroy();
            throw e;
        }
    }

    private LoadedKeyBlockKey.Custody custody(PendingComponents.Entered entered, boolean saidSo) {
        if (entered.eachByAnother()) {
            return LoadedKeyBlockKey.Custody.SEVERAL;
        }
        return testKeysAllowed && !saidSo ? LoadedKeyBlockKey.Custody.TRIED_OUT : LoadedKeyBlockKey.Custody.ONE;
    }

    AdminReply.Answer removeKek(String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, "bdk kek remove", KEK, user);
        if (pending.forget(KEK)) {
            change.record("components forgotten");
            return new AdminReply.Done(List.of("the components of the key-block key are forgotten"));
        }
        try {
            keys.removeKeyBlockKey();
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        change.record("removed");
        return new AdminReply.Done(
                List.of("key-block key removed; base keys that were imported under it stay as they are"));
    }

    private static List<String> componentLines(
            PendingComponents.Plan plan,
            PendingComponents.Entered entered,
            CheckValue checkValue,
            String user,
            AuditedChange change) {
        String which = "component " + entered.count() + " of " + plan.components();
        List<String> lines = new ArrayList<>(List.of(which + " taken, check value " + checkValue));
        String warning = "";
        if (entered.sameUser()) {
            warning = "; the same user entered another one";
            lines.add("warning: " + user + " has entered another component of this key, too; nobody should know two");
        }
        change.record(which + " taken, check value " + checkValue + warning);
        if (entered.all().isEmpty()) {
            lines.add("the next custodian has an hour, from the first component on, to enter the next in the same way");
        }
        return lines;
    }

    private static SecretBytes combined(PendingComponents.Entered entered) {
        try {
            return KeyComponents.combine(entered.all());
        } finally {
            entered.all().forEach(SecretBytes::destroy);
        }
    }

    private void requireNoTestKey(boolean degenerate, boolean published, String anew) {
        if (testKeysAllowed) {
            return;
        }
        if (published) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "this is a published test key, which protects nothing; only `cardsecure serve --dev` takes it");
        }
        if (degenerate) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "parts of this key are the same, so that it is worth less than its length; have another made, and "
                            + anew);
        }
    }

    private static KeyVariant variant(Optional<String> label, BaseKeyAlgorithm algorithm) {
        return label.map(given -> KeyVariant.of(given).orElseThrow(() -> wrong("there is no such variant of a key")))
                .orElseGet(() -> KeyVariant.usual(algorithm));
    }

    private static String target(Site site, KeySetId keySet) {
        return site.name() + " " + keySet;
    }

    private static Refusal wrong(String rule) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, rule + HINT);
    }
}
