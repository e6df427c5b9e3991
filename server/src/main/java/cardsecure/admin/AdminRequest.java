package cardsecure.admin;

import cardsecure.secret.SecretBytes;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKind;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What an administrator asks of the running server.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "request")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AdminRequest.Status.class, name = "status"),
    @JsonSubTypes.Type(value = AdminRequest.SiteList.class, name = "site-list"),
    @JsonSubTypes.Type(value = AdminRequest.SiteShow.class, name = "site-show"),
    @JsonSubTypes.Type(value = AdminRequest.SiteAdd.class, name = "site-add"),
    @JsonSubTypes.Type(value = AdminRequest.SiteSet.class, name = "site-set"),
    @JsonSubTypes.Type(value = AdminRequest.SiteRemove.class, name = "site-remove"),
    @JsonSubTypes.Type(value = AdminRequest.RsaKeyList.class, name = "rsa-key-list"),
    @JsonSubTypes.Type(value = AdminRequest.RsaKeyNew.class, name = "rsa-key-new"),
    @JsonSubTypes.Type(value = AdminRequest.RsaKeyRemove.class, name = "rsa-key-remove"),
    @JsonSubTypes.Type(value = AdminRequest.BdkList.class, name = "bdk-list"),
    @JsonSubTypes.Type(value = AdminRequest.BdkAdd.class, name = "bdk-add"),
    @JsonSubTypes.Type(value = AdminRequest.BdkImport.class, name = "bdk-import"),
    @JsonSubTypes.Type(value = AdminRequest.BdkRemove.class, name = "bdk-remove"),
    @JsonSubTypes.Type(value = AdminRequest.BdkKekAdd.class, name = "bdk-kek-add"),
    @JsonSubTypes.Type(value = AdminRequest.BdkKekRemove.class, name = "bdk-kek-remove"),
    @JsonSubTypes.Type(value = AdminRequest.BdkForgetReader.class, name = "bdk-forget-reader"),
    @JsonSubTypes.Type(value = AdminRequest.WalletKeyList.class, name = "wallet-key-list"),
    @JsonSubTypes.Type(value = AdminRequest.WalletKeyNew.class, name = "wallet-key-new"),
    @JsonSubTypes.Type(value = AdminRequest.WalletKeyRequest.class, name = "wallet-key-request"),
    @JsonSubTypes.Type(value = AdminRequest.WalletKeyCertify.class, name = "wallet-key-certify"),
    @JsonSubTypes.Type(value = AdminRequest.WalletKeyRemove.class, name = "wallet-key-remove"),
    @JsonSubTypes.Type(value = AdminRequest.WalletSimulate.class, name = "wallet-simulate"),
    @JsonSubTypes.Type(value = AdminRequest.TakeShortLived.class, name = "take-short-lived"),
    @JsonSubTypes.Type(value = AdminRequest.KeyList.class, name = "key-list"),
    @JsonSubTypes.Type(value = AdminRequest.KeyRotate.class, name = "key-rotate"),
    @JsonSubTypes.Type(value = AdminRequest.KeyRetire.class, name = "key-retire"),
    @JsonSubTypes.Type(value = AdminRequest.KeyReinstate.class, name = "key-reinstate"),
    @JsonSubTypes.Type(value = AdminRequest.KeyDestroy.class, name = "key-destroy"),
    @JsonSubTypes.Type(value = AdminRequest.KeyReseal.class, name = "key-reseal"),
    @JsonSubTypes.Type(value = AdminRequest.KeyJob.class, name = "key-job"),
    @JsonSubTypes.Type(value = AdminRequest.SigningNewKey.class, name = "signing-new-key"),
    @JsonSubTypes.Type(value = AdminRequest.SigningDropOld.class, name = "signing-drop-old"),
    @JsonSubTypes.Type(value = AdminRequest.SigningDropNew.class, name = "signing-drop-new"),
    @JsonSubTypes.Type(value = AdminRequest.UserList.class, name = "user-list"),
    @JsonSubTypes.Type(value = AdminRequest.UserAdd.class, name = "user-add"),
    @JsonSubTypes.Type(value = AdminRequest.UserSet.class, name = "user-set"),
    @JsonSubTypes.Type(value = AdminRequest.UserRemove.class, name = "user-remove"),
    @JsonSubTypes.Type(value = AdminRequest.KeyRewrap.class, name = "key-rewrap"),
    @JsonSubTypes.Type(value = AdminRequest.KeyBackup.class, name = "key-backup"),
    @JsonSubTypes.Type(value = AdminRequest.KeyBackupKept.class, name = "key-backup-kept")
})
public sealed interface AdminRequest {
    /// Whether nothing is changed by it, whatever becomes of it.
    default boolean onlyReads() {
        return switch (this) {
            case Status _,
                    SiteList _,
                    SiteShow _,
                    RsaKeyList _,
                    BdkList _,
                    WalletKeyList _,
                    WalletKeyRequest _,
                    KeyList _,
                    UserList _ -> true;
            case KeyJob(JobStep step, OptionalLong _) -> step == JobStep.SHOW;
            case SiteAdd _,
                    SiteSet _,
                    SiteRemove _,
                    RsaKeyNew _,
                    RsaKeyRemove _,
                    BdkAdd _,
                    BdkImport _,
                    BdkRemove _,
                    BdkKekAdd _,
                    BdkKekRemove _,
                    BdkForgetReader _,
                    WalletKeyNew _,
                    WalletKeyCertify _,
                    WalletKeyRemove _,
                    WalletSimulate _,
                    TakeShortLived _,
                    KeyRotate _,
                    KeyRetire _,
                    KeyReinstate _,
                    KeyDestroy _,
                    KeyReseal _,
                    SigningNewKey _,
                    SigningDropOld _,
                    SigningDropNew _,
                    UserAdd _,
                    UserSet _,
                    UserRemove _,
                    KeyRewrap _,
                    KeyBackup _,
                    KeyBackupKept _ -> false;
        };
    }

    /// How the server is.
    record Status() implements AdminRequest {}

    /// All sites.
    record SiteList() implements AdminRequest {}

    /// One site.
    record SiteShow(String name) implements AdminRequest {}

    /// Adds a site.
    ///
    /// @param settings by key, as [cardsecure.site.SiteSetting] has them, applied in their order
    record SiteAdd(String name, Map<String, String> settings) implements AdminRequest {
        /// Keeps a copy.
        public SiteAdd {
            settings = ordered(settings);
        }
    }

    /// Changes a site.
    ///
    /// @param settings as [SiteAdd] has them; those not named stay
    record SiteSet(String name, Map<String, String> settings) implements AdminRequest {
        /// Keeps a copy.
        public SiteSet {
            settings = ordered(settings);
        }
    }

    /// Removes a site.
    ///
    /// @param destroyTokens whether its tokens may be destroyed with it
    record SiteRemove(String name, boolean destroyTokens) implements AdminRequest {}

    /// What is asked about the RSA keys of a site.
    sealed interface OfRsaKeys extends AdminRequest {}

    /// The keys, the newest first.
    record RsaKeyList(String site) implements OfRsaKeys {}

    /// Makes a key.
    ///
    /// @param padding as [cardsecure.rsa.RsaPadding#label]
    record RsaKeyNew(String site, int bits, String padding) implements OfRsaKeys {}

    /// Destroys a key.
    record RsaKeyRemove(String site, int key) implements OfRsaKeys {}

    /// What is asked about the base keys of readers.
    sealed interface OfBaseKeys extends AdminRequest {}

    /// The base keys of a site, or all, and what waits for components.
    record BdkList(Optional<String> site) implements OfBaseKeys {}

    /// Takes one component of a base key, and loads it with the last.
    ///
    /// @param keySet hexadecimal digits
    /// @param algorithm as [cardsecure.dukpt.BaseKeyAlgorithm#label]
    /// @param variant as [cardsecure.dukpt.KeyVariant#label]; none: the usual one
    /// @param components how many there are
    /// @param oneCustodian whether somebody may enter two of them
    record BdkAdd(
            String site,
            String keySet,
            String algorithm,
            Optional<String> variant,
            int components,
            SecretBytes component,
            boolean oneCustodian)
            implements OfBaseKeys {}

    /// Loads a base key that is wrapped under the key-block key.
    ///
    /// @param variant as [BdkAdd] has it
    /// @param keyBlock of TR-31 or X9.143
    record BdkImport(String site, String keySet, Optional<String> variant, String keyBlock) implements OfBaseKeys {}

    /// Destroys a base key, or forgets components of one.
    record BdkRemove(String site, String keySet) implements OfBaseKeys {}

    /// Takes one component of the key-block key, and loads it with the last.
    ///
    /// @param cipher as [cardsecure.dukpt.KeyBlockKey.Cipher#label]
    /// @param components how many there are
    /// @param oneCustodian whether somebody may enter two of them
    record BdkKekAdd(String cipher, int components, SecretBytes component, boolean oneCustodian)
            implements OfBaseKeys {}

    /// Forgets how far a reader has counted.
    ///
    /// @param device as the log names it
    record BdkForgetReader(String site, String device) implements OfBaseKeys {}

    /// Destroys the key-block key, or forgets components of one.
    record BdkKekRemove() implements OfBaseKeys {}

    /// What is asked about the keys of a site for wallets.
    sealed interface OfWalletKeys extends AdminRequest {
        /// Whose keys.
        String site();
    }

    /// The keys, the newest first.
    record WalletKeyList(String site, WalletKind wallet) implements OfWalletKeys {}

    /// Makes a key.
    record WalletKeyNew(String site, WalletKind wallet, WalletKeyPair.Algorithm algorithm) implements OfWalletKeys {}

    /// The request for a certificate of a key of Apple Pay's that is there already.
    record WalletKeyRequest(String site, int key) implements OfWalletKeys {}

    /// Adds Apple's certificate to its key.
    ///
    /// @param certificate the file, DER or PEM, in Base64
    record WalletKeyCertify(String site, String certificate) implements OfWalletKeys {}

    /// Destroys a key.
    record WalletKeyRemove(String site, WalletKind wallet, int key) implements OfWalletKeys {}

    /// Makes a payload of a published test card, as a wallet would: a server for trying out takes it.
    ///
    /// @param card by name or number
    /// @param device whether it is a device's number, with a cryptogram; Apple's always are
    /// @param amount in the currency's smallest unit; Google's say none
    /// @param currency ISO 4217, three digits; likewise
    record WalletSimulate(String site, WalletKind wallet, String card, boolean device, long amount, String currency)
            implements OfWalletKeys {}

    /// Takes what is kept beside a card's token.
    record TakeShortLived(String site, String token) implements AdminRequest {}

    /// What is asked about the life of keys.
    sealed interface OfRotation extends AdminRequest {}

    /// All keys.
    ///
    /// @param rows whether the rows that need each are to be counted, which takes a look at all
    record KeyList(boolean rows) implements OfRotation {}

    /// Puts a new key in the place of one.
    ///
    /// @param rate rows a second at most, of the job that a new fingerprint key begins
    record KeyRotate(KeyUse use, OptionalLong rate) implements OfRotation {}

    /// Which of the current keys.
    enum KeyUse {
        DATA,
        FINGERPRINT,
        CALLERS
    }

    /// Lets a key open nothing any more.
    record KeyRetire(String id) implements OfRotation {}

    /// Takes a retirement back.
    record KeyReinstate(String id) implements OfRotation {}

    /// Destroys a retired key.
    record KeyDestroy(String id) implements OfRotation {}

    /// Begins to seal all rows anew that are under an older key.
    ///
    /// @param rate rows a second at most
    record KeyReseal(OptionalLong rate) implements OfRotation {}

    /// Looks at the job, or does something to it.
    ///
    /// @param rate for [JobStep#PACE]: rows a second at most; none: as fast as it goes
    record KeyJob(JobStep step, OptionalLong rate) implements OfRotation {}

    /// What can be done to a job.
    enum JobStep {
        SHOW,
        PAUSE,
        RESUME,
        PACE
    }

    /// Makes a key for a site to sign with.
    ///
    /// @param keepOld whether the key of now counts on beside it
    record SigningNewKey(String site, boolean keepOld) implements AdminRequest {}

    /// Lets the key before the newest count no more.
    record SigningDropOld(String site) implements AdminRequest {}

    /// Lets the newest key count no more, if there is one before it.
    record SigningDropNew(String site) implements AdminRequest {}

    /// What is asked about users.
    sealed interface OfUsers extends AdminRequest {}

    /// The users of a site, or all.
    record UserList(Optional<String> site) implements OfUsers {}

    /// Adds a user.
    ///
    /// @param rights comma-separated, as [cardsecure.site.Right] has them
    record UserAdd(String site, String name, String rights, NewLogin login) implements OfUsers {}

    /// Changes a user; what is not given stays.
    record UserSet(String site, String name, Optional<String> rights, Optional<NewLogin> login) implements OfUsers {}

    /// Removes a user.
    record UserRemove(String site, String name) implements OfUsers {}

    /// What is asked about keys.
    sealed interface OfKeys extends AdminRequest {}

    /// Has another KEK wrap the ring.
    ///
    /// @param to its URI
    /// @param secret its passphrase or PIN, empty where it has none
    /// @param create whether an HSM's key is made if it is missing
    record KeyRewrap(String to, SecretBytes secret, boolean create) implements OfKeys {}

    /// Gives out all keys, encrypted.
    record KeyBackup(BackupReader reader) implements OfKeys {}

    /// Says that a backup is where it is to be kept: not before that does it count as one.
    ///
    /// @param generation as its header has it
    /// @param made likewise
    record KeyBackupKept(long generation, Instant made) implements OfKeys {}

    /// Who is to be able to open a backup.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reader")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = BackupReader.Certificate.class, name = "certificate"),
        @JsonSubTypes.Type(value = BackupReader.Passphrase.class, name = "passphrase")
    })
    sealed interface BackupReader {
        /// The holder of a certificate's key.
        ///
        /// @param pem the certificate
        record Certificate(String pem) implements BackupReader {}

        /// Who knows a passphrase.
        ///
        /// @param memoryKib what it costs to make a key of it
        record Passphrase(SecretBytes passphrase, int memoryKib) implements BackupReader {}
    }

    /// How a user is to prove who it is.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "login")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = NewLogin.Password.class, name = "password"),
        @JsonSubTypes.Type(value = NewLogin.Certificate.class, name = "certificate"),
        @JsonSubTypes.Type(value = NewLogin.Subject.class, name = "subject")
    })
    sealed interface NewLogin {
        /// By a password, UTF-8.
        record Password(SecretBytes password) implements NewLogin {}

        /// By one certificate.
        ///
        /// @param sha256 its fingerprint, in hex
        record Certificate(String sha256) implements NewLogin {}

        /// By any certificate for a name.
        record Subject(String name) implements NewLogin {}
    }

    private static Map<String, String> ordered(Map<String, String> settings) {
        Map<String, String> copy = new LinkedHashMap<>(settings);
        if (copy.containsKey(null) || copy.containsValue(null)) {
            throw new IllegalArgumentException("a setting has a key and a value");
        }
        return Collections.unmodifiableMap(copy);
    }
}
