package cardsecure.backup;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyRingCodec;
import cardsecure.secret.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/// A backup of all keys of a vault, as a file of ASCII text:
/// ```
/// cardsecure key backup 1
/// vault: …                      the header, for everybody
/// …
/// (an empty line)
/// -----BEGIN CMS-----           or CARDSECURE KEYS, where a passphrase opens it
/// (Base64)
/// -----END CMS-----
/// ```
/// What is encrypted is `length of the header (4) | header, with its line ends | ring`.
public final class KeyBackup {
    /// The most characters that one has.
    public static final int LENGTH_MAX = 1 << 20;

    private static final int LINE = 64;

    private final BackupHeader header;
    private final String label;
    private final byte[] sealed;

    private KeyBackup(BackupHeader header, String label, byte[] sealed) {
        this.header = header;
        this.label = label;
        this.sealed = sealed;
    }

    /// Seals a ring.
    static KeyBackup seal(KeyRing ring, BackupLock lock, Instant now) {
        BackupHeader header = BackupHeader.of(ring, now, lock.name());
        byte[] text = header.text().getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(text.length);
            out.write(text);
            out.write(KeyRingCodec.encode(ring).reveal());
        } catch (IOException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the ring could not be written", e);
        }
        SecretBytes content = SecretBytes.owning(bytes.toByteArray());
        try {
            return new KeyBackup(header, lock.label(), lock.seal(content));
        } finally {
            content.destroy();
        }
    }

    /// The file's text, all of ASCII.
    public String text() {
        String base64 = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(sealed);
        return header.text() + "\n-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /// The backup of a file's text; nothing of it is proved yet.
    ///
    /// @throws Refusal `0063` for another text
    public static KeyBackup parse(String text) {
        int end = text.indexOf("\n\n");
        if (end < 0 || text.length() > LENGTH_MAX) {
            throw refusal("the file is no key backup");
        }
        BackupHeader header = BackupHeader.parse(text.substring(0, end + 1));
        String body = text.substring(end + 2);
        for (String label : new String[] {BackupLock.CMS, BackupLock.PASSPHRASE}) {
            String first = "-----BEGIN " + label + "-----\n";
            String last = "\n-----END " + label + "-----\n";
            if (body.startsWith(first) && body.endsWith(last) && body.length() >= first.length() + last.length()) {
                String base64 = body.substring(first.length(), body.length() - last.length());
                return new KeyBackup(header, label, decoded(base64));
            }
        }
        throw refusal("the key backup is not whole");
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replace("\n", ""));
        } catch (IllegalArgumentException e) {
            throw new Refusal(ErrorCode.KEYSTORE_IMPORT_FAILURE, "the key backup is damaged", e);
        }
    }

    /// What it says of itself.
    public BackupHeader header() {
        return header;
    }

    /// Whether a passphrase opens it; a certificate's key otherwise.
    public boolean needsPassphrase() {
        return label.equals(BackupLock.PASSPHRASE);
    }

    /// The keys.
    ///
    /// @throws Refusal `0063` if they do not open, or are not those that the header names
    public KeyRing open(BackupUnlock unlock) {
        SecretBytes content = unlock.open(header, sealed);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content.reveal()))) {
            byte[] text = header.text().getBytes(StandardCharsets.US_ASCII);
            int length = in.readInt();
            if (length != text.length || !Arrays.equals(in.readNBytes(length), text)) {
                throw refusal("the key backup's beginning was changed");
            }
            KeyRing ring = ring(SecretBytes.owning(in.readAllBytes()));
            if (!BackupHeader.of(ring, header.made(), header.openedBy()).equals(header)) {
                throw refusal("the key backup's beginning names other keys than it has");
            }
            return ring;
        } catch (IOException e) {
            throw new Refusal(ErrorCode.KEYSTORE_IMPORT_FAILURE, "the key backup is damaged", e);
        } finally {
            content.destroy();
        }
    }

    private static KeyRing ring(SecretBytes encoded) {
        try {
            return KeyRingCodec.decode(encoded);
        } catch (Refusal e) {
            throw new Refusal(ErrorCode.KEYSTORE_IMPORT_FAILURE, "the key backup has no ring of this version", e);
        }
    }

    private static Refusal refusal(String reason) {
        return new Refusal(ErrorCode.KEYSTORE_IMPORT_FAILURE, reason);
    }
}
