package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.dukpt.Ksn;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The report of MagTek's readers that are USB HID devices (MagneSafe V5, 99875475): fields at fixed places.
final class MagTekReport {
    /// Bytes of a report.
    static final int LENGTH = 856;
    /// Later devices have more fields after those.
    static final int LENGTH_MAX = 1024;
    /// Bytes that a track takes, encrypted or masked.
    static final int TRACK = 112;
    /// Where the lengths of the ciphertexts are.
    static final int ENCRYPTED_LENGTHS = 3;
    /// Where the first ciphertext is; the others follow.
    static final int ENCRYPTED = 7;
    /// Where the serial number is, 16 characters.
    static final int SERIAL = 477;
    /// Where the KSN is.
    static final int KSN = 495;
    /// Where the lengths of the masked tracks are.
    static final int MASKED_LENGTHS = 505;
    /// Where the first masked track is; the others follow.
    static final int MASKED = 508;
    /// Where the session id is, 8 bytes.
    static final int SESSION = 844;

    private static final int SERIAL_LENGTH = 16;
    private static final int SESSION_LENGTH = 8;
    private static final int ENCODE_TYPE = 6;
    private static final int ENCODE_TYPE_MAX = 7;

    private MagTekReport() {}

    static Optional<EncryptedSwipe> read(byte[] bytes) {
        if (!looksLikeOne(bytes)) {
            return Optional.empty();
        }
        Ksn ksn = Unreadable.at(
                SwipeStep.KSN,
                () -> Ksn.parse(SecretBytes.copyOf(bytes, KSN, Ksn.TDES_LENGTH).reveal()));
        List<TrackBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int encrypted = bytes[ENCRYPTED_LENGTHS + i];
            int masked = bytes[MASKED_LENGTHS + i];
            require(
                    encrypted > 0 || masked == 0,
                    SwipeStep.UNENCRYPTED,
                    "the report has a track that is not encrypted");
            if (encrypted > 0) {
                SecretBytes ciphertext = SecretBytes.copyOf(bytes, ENCRYPTED + i * TRACK, encrypted);
                Optional<SecretBytes> mask = Optional.of(SecretBytes.copyOf(bytes, MASKED + i * TRACK, masked))
                        .filter(m -> masked > 0);
                blocks.add(MagTekKeyboard.block(i + 1, ciphertext, mask));
            }
        }
        MagTekKeyboard.requireNotClear(SecretBytes.copyOf(bytes, ENCRYPTED + 2 * TRACK, bytes[ENCRYPTED_LENGTHS + 2]));
        SecretBytes third = SecretBytes.copyOf(bytes, MASKED + 2 * TRACK, bytes[MASKED_LENGTHS + 2]);
        require(!blocks.isEmpty(), SwipeStep.STRUCTURE, "neither track 1 nor 2 was read");
        Optional<String> serial = Serials.of(SecretBytes.copyOf(bytes, SERIAL, SERIAL_LENGTH));
        return Optional.of(new EncryptedSwipe.Tracks(
                MagTekKeyboard.source(SwipeFormat.MAGTEK_HID, ksn, serial),
                EntryMode.SWIPED,
                blocks,
                false,
                true,
                Optional.of(third).filter(track -> track.length() > 0),
                Optional.of(SecretBytes.copyOf(bytes, SESSION, SESSION_LENGTH))));
    }

    /// A report has no mark; its length, and small numbers where lengths stand, have to do.
    private static boolean looksLikeOne(byte[] bytes) {
        if (bytes.length < LENGTH || bytes.length > LENGTH_MAX) {
            return false;
        }
        boolean like = bytes[ENCODE_TYPE] >= 0 && bytes[ENCODE_TYPE] <= ENCODE_TYPE_MAX;
        for (int i = 0; i < 3; i++) {
            like &= bytes[ENCRYPTED_LENGTHS + i] >= 0 && bytes[ENCRYPTED_LENGTHS + i] <= TRACK;
            like &= bytes[MASKED_LENGTHS + i] >= 0 && bytes[MASKED_LENGTHS + i] <= TRACK;
        }
        return like;
    }
}
