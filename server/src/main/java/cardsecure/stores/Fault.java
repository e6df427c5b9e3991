package cardsecure.stores;

import cardsecure.store.DamagedEntry;
import cardsecure.store.TokenPlace;

/// Something in a store that is not as a vault left it.
///
/// @param where site, domain and token, or the name of a setting, or the store's own key; never data
public record Fault(Kind kind, String where) {
    /// What can be wrong.
    public enum Kind {
        /// It stands among the rows and cannot be read.
        ROW_UNREADABLE("cannot be read"),
        /// The ring has no such key that opens.
        KEY_MISSING("is sealed under a key that is missing or retired"),
        /// Changed, or moved from another place.
        ROW_DOES_NOT_OPEN("does not open: changed, or moved from another place"),
        /// The site's settings do not allow for it.
        ROW_IN_CLEAR("is in clear, and its site seals"),
        /// No site of the settings.
        NO_SUCH_SITE("belongs to no site"),
        /// Not made of the row's data.
        FINGERPRINT_OF_OTHER_DATA("has the fingerprint of other data"),
        /// Made under a key that rows are not looked for by.
        FINGERPRINT_UNDER_OTHER_KEY("has a fingerprint that nobody looks for: of another key"),
        /// Its token does not find it.
        TOKEN_FINDS_NOTHING("is not found by its token"),
        /// Its fingerprint finds nothing: its data would get a second token.
        FINGERPRINT_FINDS_NOTHING("is not found by its fingerprint: its data would get a second token"),
        /// Its fingerprint finds another row.
        FINGERPRINT_FINDS_ANOTHER("is not the row that its fingerprint finds"),
        /// It stands in the index and cannot be read.
        INDEX_UNREADABLE("in the index cannot be read"),
        /// An entry of the index at whose place no row stands.
        INDEX_LEADS_NOWHERE("is where an entry of the index leads, and no row stands there"),
        /// An entry of the index at whose place a row of other data stands.
        INDEX_LEADS_ASTRAY("is where an entry of the index leads, and the row there has another fingerprint"),
        /// It stands among the short-lived rows and cannot be read.
        SHORT_LIVED_UNREADABLE("among the short-lived data cannot be read"),
        /// Changed, or moved from another place or deadline.
        SHORT_LIVED_DOES_NOT_OPEN("do not open: changed, or moved from another place"),
        /// Short-lived data of a token that is not there.
        NO_SUCH_TOKEN("belong to no token"),
        /// Changed, or moved from another name.
        SETTING_DOES_NOT_OPEN("does not open: changed, or of another name"),
        /// It opens, and is no site.
        SETTING_NO_SITE("should be a site, and is none");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /// What follows the place in a sentence.
        public String text() {
            return text;
        }
    }

    static String shown(TokenPlace place) {
        return "site " + place.site().number() + ", domain " + place.domain().letter() + ", token " + place.token();
    }

    /// A damaged entry, for people.
    public static String shown(DamagedEntry entry) {
        return entry.place().map(place -> shown(place) + ", ").orElse("") + "key " + entry.key();
    }

    /// The fault in a line.
    @Override
    public String toString() {
        return where + ": " + kind.text();
    }
}
