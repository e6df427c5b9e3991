package cardsecure.admin;

import cardsecure.secret.SecretBytes;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/// What the server says to an [AdminRequest]: any number of [Progress], then one [Answer].
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AdminReply.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = AdminReply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = AdminReply.NewKey.class, name = "new-key"),
    @JsonSubTypes.Type(value = AdminReply.Sites.class, name = "sites"),
    @JsonSubTypes.Type(value = AdminReply.OneSite.class, name = "site"),
    @JsonSubTypes.Type(value = AdminReply.RsaKeys.class, name = "rsa-keys"),
    @JsonSubTypes.Type(value = AdminReply.BaseKeys.class, name = "base-keys"),
    @JsonSubTypes.Type(value = AdminReply.WalletKeys.class, name = "wallet-keys"),
    @JsonSubTypes.Type(value = AdminReply.WalletKeyMade.class, name = "wallet-key-made"),
    @JsonSubTypes.Type(value = AdminReply.WalletPayload.class, name = "wallet-payload"),
    @JsonSubTypes.Type(value = AdminReply.Taken.class, name = "taken"),
    @JsonSubTypes.Type(value = AdminReply.Keys.class, name = "keys"),
    @JsonSubTypes.Type(value = AdminReply.KeyJob.class, name = "key-job"),
    @JsonSubTypes.Type(value = AdminReply.Users.class, name = "users"),
    @JsonSubTypes.Type(value = AdminReply.State.class, name = "status"),
    @JsonSubTypes.Type(value = AdminReply.Backup.class, name = "backup"),
    @JsonSubTypes.Type(value = AdminReply.Failed.class, name = "failed")
})
public sealed interface AdminReply {
    /// The work goes on.
    ///
    /// @param text one line for people
    record Progress(String text) implements AdminReply {}

    /// The last reply of a request.
    sealed interface Answer extends AdminReply {}

    /// It is done, durably.
    ///
    /// @param lines for people; a line that begins with `warning: ` is one
    record Done(List<String> lines) implements Answer {
        /// Keeps a copy.
        public Done {
            lines = List.copyOf(lines);
        }
    }

    /// A key was made, durably, and is told this once.
    ///
    /// @param lines for people
    record NewKey(SecretBytes key, List<String> lines) implements Answer {
        /// Keeps a copy.
        public NewKey {
            lines = List.copyOf(lines);
        }
    }

    /// All sites, by name.
    record Sites(List<SiteView> sites) implements Answer {
        /// Keeps a copy.
        public Sites {
            sites = List.copyOf(sites);
        }
    }

    /// One site.
    record OneSite(SiteView site) implements Answer {}

    /// The RSA keys of a site, the newest first.
    record RsaKeys(List<RsaKeyView> keys) implements Answer {
        /// Keeps a copy.
        public RsaKeys {
            keys = List.copyOf(keys);
        }
    }

    /// Base keys of readers.
    record BaseKeys(BaseKeysView keys) implements Answer {}

    /// A simulated payload.
    ///
    /// @param deviceData encrypted, in the form that a socket's data have
    /// @param lines for people, of what was made for it
    record WalletPayload(String deviceData, List<String> lines) implements Answer {
        /// Keeps a copy.
        public WalletPayload {
            lines = List.copyOf(lines);
        }
    }

    /// The keys of a site for a wallet, the newest first.
    record WalletKeys(List<WalletKeyView> keys) implements Answer {
        /// Keeps a copy.
        public WalletKeys {
            keys = List.copyOf(keys);
        }
    }

    /// A key for a wallet was made, durably, or is asked for again.
    ///
    /// @param request for a certificate, PEM; for Google's wallet it is of no use
    /// @param warnings what keeps the site from using it
    record WalletKeyMade(WalletKeyView key, String request, List<String> warnings) implements Answer {
        /// Keeps a copy.
        public WalletKeyMade {
            warnings = List.copyOf(warnings);
        }
    }

    /// What was kept beside a token, and is no more.
    record Taken(SecretBytes data) implements Answer {}

    /// All keys.
    record Keys(KeysView keys) implements Answer {}

    /// The job that runs, is paused or has failed, if there is one.
    record KeyJob(Optional<KeysView.JobView> job) implements Answer {}

    /// Users, by site and name.
    record Users(List<UserView> users) implements Answer {
        /// Keeps a copy.
        public Users {
            users = List.copyOf(users);
        }
    }

    /// How the server is.
    record State(ServerStatus status) implements Answer {}

    /// All keys, encrypted.
    ///
    /// @param file what to put into a file, ASCII
    record Backup(String file) implements Answer {}

    /// It is not done.
    ///
    /// @param message what is wrong
    /// @param hint what can be done about it
    record Failed(String message, String hint) implements Answer {}
}
