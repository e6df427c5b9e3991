package cardsecure.protocol;

import java.util.Optional;

/// The three forms of a reply, by the parameter `type`; case counts, and any other value is as none.
public enum ReplyFormat {
    FORM,
    JSONP,
    XML;

    /// The form that a request asks for.
    public static ReplyFormat of(Optional<String> type) {
        return switch (type.orElse("")) {
            case "json" -> JSONP;
            case "xml" -> XML;
            default -> FORM;
        };
    }
}
