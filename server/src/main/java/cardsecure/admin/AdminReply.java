package cardsecure.admin;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// What the server says to an [AdminRequest]: any number of [Progress], then one [Answer].
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AdminReply.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = AdminReply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = AdminReply.Sites.class, name = "sites"),
    @JsonSubTypes.Type(value = AdminReply.OneSite.class, name = "site"),
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

    /// All sites, by name.
    record Sites(List<SiteView> sites) implements Answer {
        /// Keeps a copy.
        public Sites {
            sites = List.copyOf(sites);
        }
    }

    /// One site.
    record OneSite(SiteView site) implements Answer {}

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
