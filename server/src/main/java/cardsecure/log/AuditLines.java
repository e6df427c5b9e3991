package cardsecure.log;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// Writes audit events into the log, one line each, their parts as key-value pairs.
public final class AuditLines implements AuditLog {
    static final String LOGGER = "cardsecure.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    @Override
    public void record(AuditEvent event) {
        switch (event) {
            case AuditEvent.Refused refused -> refused(refused);
            case AuditEvent.Revealed revealed ->
                LOG.atInfo()
                        .addKeyValue("action", revealed.action())
                        .addKeyValue("site", revealed.site())
                        .addKeyValue("address", revealed.address())
                        .addKeyValue("user", revealed.user())
                        .addKeyValue("token", revealed.token())
                        .log("revealed");
            // One word for all clear data that went out.
            case AuditEvent.Decrypted decrypted ->
                LOG.atInfo()
                        .addKeyValue("action", decrypted.action())
                        .addKeyValue("site", decrypted.site())
                        .addKeyValue("address", decrypted.address())
                        .addKeyValue("user", decrypted.user())
                        .addKeyValue("key", decrypted.keyId())
                        .log("revealed");
            case AuditEvent.Purged purged ->
                LOG.atInfo()
                        .addKeyValue("action", purged.action())
                        .addKeyValue("site", purged.site())
                        .addKeyValue("address", purged.address())
                        .addKeyValue("user", purged.user())
                        .addKeyValue("token", purged.token())
                        .log("purged");
            case AuditEvent.DecryptionsFail failing ->
                LOG.atWarn()
                        .addKeyValue("site", failing.site())
                        .addKeyValue("count", failing.count())
                        .addKeyValue("since", failing.since())
                        .log("RSA DECRYPTIONS FAIL in a row: a caller has the wrong key, or somebody tries"
                                + " ciphertexts");
            case AuditEvent.Administered administered ->
                LOG.atInfo().addKeyValue("what", administered.what()).log("administered");
        }
    }

    private static void refused(AuditEvent.Refused refused) {
        boolean ownFault = refused.cause().isPresent();
        LoggingEventBuilder line = LOG.atLevel(ownFault ? Level.ERROR : Level.WARN)
                .addKeyValue("id", refused.errorId())
                .addKeyValue("code", refused.code())
                .addKeyValue("action", refused.action())
                .addKeyValue("site", refused.site())
                .addKeyValue("address", refused.address())
                .addKeyValue("reason", refused.reason());
        refused.cause()
                .map(Causes::chain)
                .map(chain -> line.addKeyValue("cause", chain))
                .orElse(line)
                .log("refused");
    }
}
