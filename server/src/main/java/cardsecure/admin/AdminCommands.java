package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.config.NearestName;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.signing.SigningKeys.Which;
import cardsecure.site.Right;
import cardsecure.site.Site;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.site.Storage;
import cardsecure.store.StoreException;
import cardsecure.user.Argon2id;
import cardsecure.user.PasswordHash;
import cardsecure.vault.SiteDirectory;
import cardsecure.wallets.WalletSimulators;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What administrators can do, and the record of what they did. Safe for threads.
public final class AdminCommands {
    /// What looks like a setting's key is said again; what else somebody typed there is nobody's business.
    private static final Pattern KEY = Pattern.compile("[A-Za-z-]{1,40}");

    private final SiteDirectory sites;
    private final AuditLog audit;
    private final Supplier<ServerStatus> status;
    private final UserCommands users;
    private final RsaKeyCommands rsaKeys;
    private final WalletKeyCommands walletKeys;
    private final RotationCommands rotation;
    private final SigningCommands signing;
    private final KeyCommands keys;
    private final BdkCommands baseKeys;
    private final ShortLivedCommands shortLived;

    /// Takes its parts.
    ///
    /// @param simulators whose payloads the server believes, if it is for trying out
    public AdminCommands(
            SiteDirectory sites,
            KeyCommands keys,
            RotationCommands rotation,
            BdkCommands baseKeys,
            ShortLivedCommands shortLived,
            Optional<WalletSimulators> simulators,
            AuditLog audit,
            Supplier<ServerStatus> status) {
        this.sites = sites;
        this.audit = audit;
        this.status = status;
        this.keys = keys;
        this.users = new UserCommands(sites.users(), audit, new Argon2id(PasswordHash.Cost.USUAL, new SecureRandom()));
        this.rsaKeys = new RsaKeyCommands(sites.rsaKeys(), audit, InstantSource.system(), new SecureRandom());
        this.walletKeys = new WalletKeyCommands(
                sites.walletKeys(), simulators, audit, InstantSource.system(), new SecureRandom());
        this.rotation = rotation;
        this.baseKeys = baseKeys;
        this.shortLived = shortLived;
        this.signing = new SigningCommands(sites.signingKeys(), audit, new SecureRandom());
    }

    /// Does what is asked, and says so, or why not.
    ///
    /// @param user who asks, as the system says
    /// @param progress told of work that takes long
    public AdminReply.Answer answer(AdminRequest request, String user, Consumer<AdminReply.Progress> progress) {
        try {
            return switch (request) {
                case AdminRequest.Status() -> new AdminReply.State(status.get());
                case AdminRequest.SiteList() ->
                    new AdminReply.Sites(sites.all().stream().map(this::view).toList());
                case AdminRequest.SiteShow(String name) -> new AdminReply.OneSite(view(require(name)));
                case AdminRequest.SiteAdd(String name, Map<String, String> settings) -> add(name, settings, user);
                case AdminRequest.SiteSet(String name, Map<String, String> settings) -> set(name, settings, user);
                case AdminRequest.SiteRemove(String name, boolean destroyTokens) -> {
                    // Who mistypes a name is not to believe that something is being removed.
                    if (sites.named(name).isPresent()) {
                        progress.accept(new AdminReply.Progress("removing site " + name));
                    }
                    yield remove(name, destroyTokens, user);
                }
                case AdminRequest.RsaKeyList(String site) -> rsaKeys.list(require(site));
                case AdminRequest.RsaKeyNew make -> rsaKeys.make(require(make.site()), make, user, progress);
                case AdminRequest.RsaKeyRemove(String site, int key) -> rsaKeys.remove(require(site), key, user);
                case AdminRequest.OfBaseKeys ofBaseKeys -> ofBaseKeys(ofBaseKeys, user);
                case AdminRequest.OfWalletKeys ofWalletKeys ->
                    walletKeys.answer(require(ofWalletKeys.site()), ofWalletKeys, user);
                case AdminRequest.TakeShortLived(String site, String token) ->
                    shortLived.take(require(site), token, user);
                case AdminRequest.OfRotation ofRotation -> rotation.answer(ofRotation, user, progress);
                case AdminRequest.SigningNewKey(String site, boolean keepOld) ->
                    signing.newKey(require(site), keepOld, user);
                case AdminRequest.SigningDropOld(String site) -> signing.drop(require(site), Which.OLD, user);
                case AdminRequest.SigningDropNew(String site) -> signing.drop(require(site), Which.NEW, user);
                case AdminRequest.UserList(Optional<String> site) ->
                    users.list(site.map(name -> List.of(require(name))).orElseGet(sites::all));
                case AdminRequest.UserAdd add -> users.add(require(add.site()), add, user);
                case AdminRequest.UserSet set -> users.set(require(set.site()), set, user);
                case AdminRequest.UserRemove(String site, String name) -> users.remove(require(site), name, user);
                case AdminRequest.OfKeys ofKeys -> keys.answer(ofKeys, user);
            };
        } catch (Refusal e) {
            return refused(e, usualHint(request));
        } catch (StoreException e) {
            return new AdminReply.Failed(
                    "the store failed: " + e.getMessage(),
                    request.onlyReads()
                            ? "nothing was changed; `cardsecure status` shows the store's health"
                            : "the change may be kept or not: see `cardsecure status` for the store's health, then"
                                    + " look and try again");
        } catch (IllegalArgumentException e) {
            return new AdminReply.Failed(
                    String.valueOf(e.getMessage()), "`cardsecure site set --help` lists every setting and its values");
        }
    }

    private AdminReply.Answer ofBaseKeys(AdminRequest.OfBaseKeys request, String user) throws StoreException {
        return switch (request) {
            case AdminRequest.BdkList(Optional<String> site) ->
                baseKeys.list(site.map(name -> List.of(require(name))).orElseGet(sites::all));
            case AdminRequest.BdkAdd add -> baseKeys.add(require(add.site()), add, user);
            case AdminRequest.BdkImport block -> baseKeys.importBlock(require(block.site()), block, user);
            case AdminRequest.BdkRemove(String site, String keySet) -> baseKeys.remove(require(site), keySet, user);
            case AdminRequest.BdkKekAdd add -> baseKeys.addKek(add, user);
            case AdminRequest.BdkKekRemove() -> baseKeys.removeKek(user);
            case AdminRequest.BdkForgetReader(String site, String device) ->
                baseKeys.forgetReader(require(site), device, user);
        };
    }

    private SiteView view(Site site) {
        return SiteView.of(site, sites.signingKeys().of(site.id()).size());
    }

    private AdminReply.Answer add(String name, Map<String, String> settings, String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, "site add", name, user);
        // Tried first on a site that is nobody's: a mistake is not to use up a number.
        apply(Site.named(new SiteId(1), name), settings);
        try {
            Site added = sites.add(name, site -> apply(site, settings));
            List<String> lines = new ArrayList<>(
                    List.of("site " + name + " added, number " + added.id().number()));
            lines.addAll(warnings(Site.named(added.id(), name), added));
            lines.addAll(signing.warnings(Site.named(added.id(), name), added));
            change.record(settingsOf(added) + clearStorage(Site.named(added.id(), name), added));
            return new AdminReply.Done(lines);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
    }

    private AdminReply.Answer set(String name, Map<String, String> settings, String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, "site set", name, user);
        Site[] before = new Site[1];
        try {
            Site after = sites.change(name, site -> {
                before[0] = site;
                return apply(site, settings);
            });
            List<String> changes = changes(before[0], after);
            List<String> lines = new ArrayList<>(changes.isEmpty() ? List.of("nothing to change") : changes);
            lines.addAll(warnings(before[0], after));
            lines.addAll(signing.warnings(before[0], after));
            if (!changes.isEmpty()) {
                change.record(String.join("; ", changes) + clearStorage(before[0], after));
            }
            if (settings.containsKey(SiteSetting.RETENTION.key())) {
                lines.addAll(shortLived.destroyUnwanted(after));
            }
            return new AdminReply.Done(lines);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
    }

    private AdminReply.Answer remove(String name, boolean destroyTokens, String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, "site remove", name, user);
        try {
            sites.remove(name, destroyTokens);
            String tokens = destroyTokens ? "with all its tokens" : "it held no tokens";
            change.record(tokens);
            return new AdminReply.Done(List.of("site " + name + " removed, " + tokens));
        } catch (StoreException e) {
            throw change.unknown(e);
        }
    }

    private Site require(String name) {
        return sites.named(name)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.UNKNOWN_SITE,
                        NearestName.of(
                                        name,
                                        sites.all().stream().map(Site::name).toList())
                                .map(near -> "there is no site of that name; did you mean " + near + "?")
                                .orElse("there is no site of that name; `cardsecure site list` shows those"
                                        + " there are")));
    }

    private static Site apply(Site site, Map<String, String> settings) {
        Site changed = site;
        for (Map.Entry<String, String> entry : settings.entrySet()) {
            SiteSetting setting = SiteSetting.named(entry.getKey()).orElseThrow(() -> unknown(entry.getKey()));
            try {
                changed = setting.set(changed, entry.getValue());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(setting.key() + ": " + e.getMessage(), e);
            }
        }
        return changed;
    }

    private static IllegalArgumentException unknown(String key) {
        List<String> known =
                Arrays.stream(SiteSetting.values()).map(SiteSetting::key).toList();
        String wrong = KEY.matcher(key).matches() ? "a site has no setting " + key : "a site has no such setting";
        return new IllegalArgumentException(wrong
                + NearestName.of(key, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; there are " + String.join(", ", known)));
    }

    private static List<String> changes(Site before, Site after) {
        return Arrays.stream(SiteSetting.values())
                .filter(setting -> !setting.of(before).equals(setting.of(after)))
                .map(setting -> setting.key() + ": " + shown(setting.of(before)) + " -> " + shown(setting.of(after)))
                .toList();
    }

    private static String settingsOf(Site site) {
        return Arrays.stream(SiteSetting.values())
                .map(setting -> setting.key() + "=" + setting.of(site))
                .collect(Collectors.joining(" "));
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(none)" : value;
    }

    private static String clearStorage(Site before, Site after) {
        boolean now = after.storage() == Storage.CLEAR && before.storage() != Storage.CLEAR;
        return now ? "; CLEAR STORAGE: encryption is off, new rows of this site are kept in clear" : "";
    }

    private static List<String> warnings(Site before, Site after) {
        List<String> warnings = new ArrayList<>();
        if (after.storage() == Storage.CLEAR && before.storage() != Storage.CLEAR) {
            warnings.add("warning: CLEAR STORAGE: from now on, what this site takes in is kept in clear");
        }
        if (after.openRights().contains(Right.DECRYPT) && !before.openRights().contains(Right.DECRYPT)) {
            warnings.add("warning: whoever reaches this site over loopback or TLS can now have data in clear, by their"
                    + " tokens (CD, TD) and by what EC encrypted (DE), without credentials");
        }
        if (after.wallets().googleTest() && !before.wallets().googleTest()) {
            warnings.add("warning: this site believes Google's keys for tests now: anybody who has a test account can"
                    + " make up payments for it");
        }
        return warnings;
    }

    /// A refusal's reason is what is wrong and, after a semicolon, what to do.
    private static AdminReply.Failed refused(Refusal refusal, String usualHint) {
        String[] parts = refusal.reason().split("; ", 2);
        return new AdminReply.Failed(parts[0], parts.length > 1 ? parts[1] : usualHint);
    }

    /// What to do where a refusal does not say it.
    private static String usualHint(AdminRequest request) {
        return request instanceof AdminRequest.OfBaseKeys ofBaseKeys
                ? BdkCommands.usualHint(ofBaseKeys)
                : "`cardsecure site list` and `cardsecure site show NAME` show what there is";
    }
}
