package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminException;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.AdminRequest.JobStep;
import cardsecure.admin.AdminRequest.KeyUse;
import cardsecure.admin.KeyBackupView;
import cardsecure.admin.KeysView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// As [CrashTest], while keys of all kinds are rotated, rows resealed, fingerprints made anew, and old keys retired
/// and destroyed: the server is killed in the midst of that. `-Dcrash.key-kills=` says how often.
class KeyCrashTest extends CrashTest {
    private static final Logger LOG = LoggerFactory.getLogger("cardsecure.tests.crash");
    private static final OptionalLong AS_FAST_AS_IT_GOES = OptionalLong.empty();

    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Override
    int wantedKills() {
        return Integer.getInteger("crash.key-kills", 6);
    }

    /// Longer: a server that has just started takes its time for an administrator's first request.
    @Override
    Duration roundTime(Random random) {
        return Duration.ofMillis(1000 + random.nextInt(2000));
    }

    @Override
    void alongside(Path data, Random random) {
        AdminClient admin = new AdminClient(data);
        try {
            while (true) {
                AdminReply.Answer answer = admin.call(request(admin, random), _ -> {});
                (answer instanceof AdminReply.Failed ? refused : done).incrementAndGet();
            }
        } catch (AdminException e) {
            LOG.debug("the server is gone", e);
        }
    }

    private static AdminRequest request(AdminClient admin, Random random) throws AdminException {
        return switch (random.nextInt(6)) {
            case 0 -> new AdminRequest.KeyRotate(KeyUse.DATA, AS_FAST_AS_IT_GOES);
            case 1 -> new AdminRequest.KeyRotate(KeyUse.FINGERPRINT, AS_FAST_AS_IT_GOES);
            case 2, 3 -> new AdminRequest.KeyReseal(AS_FAST_AS_IT_GOES);
            case 4 -> new AdminRequest.KeyRetire(someKey(admin, "opening", random));
            default -> new AdminRequest.KeyDestroy(someKey(admin, "retired", random));
        };
    }

    private static String someKey(AdminClient admin, String state, Random random) throws AdminException {
        List<String> ids = ids(keys(admin), state);
        return ids.isEmpty() ? "001" : ids.get(random.nextInt(ids.size()));
    }

    private static List<String> ids(KeysView keys, String state) {
        return keys.keys().stream()
                .filter(key -> key.use().equals("data") && key.state().equals(state))
                .map(KeysView.KeyView::id)
                .toList();
    }

    private static KeysView keys(AdminClient admin) throws AdminException {
        return admin.call(new AdminRequest.KeyList(false), _ -> {}) instanceof AdminReply.Keys(var keys)
                ? keys
                : new KeysView(
                        "",
                        0,
                        List.of(),
                        0,
                        new KeyBackupView(Optional.empty(), OptionalLong.empty(), List.of(), Optional.empty()),
                        OptionalLong.empty(),
                        Optional.empty());
    }

    /// Nothing needs an old key any more: all of them go, before everything that was acknowledged is looked for.
    @Override
    void atTheEnd(Path data) throws Exception {
        AdminClient admin = new AdminClient(data);
        awaitNoJob(admin);
        done(admin, new AdminRequest.KeyReseal(AS_FAST_AS_IT_GOES));
        awaitNoJob(admin);
        for (String id : ids(keys(admin), "opening")) {
            done(admin, new AdminRequest.KeyRetire(id));
        }
        for (String id : ids(keys(admin), "retired")) {
            done(admin, new AdminRequest.KeyDestroy(id));
        }
        KeysView keys = keys(admin);
        assertThat(ids(keys, "current")).hasSize(1);
        assertThat(ids(keys, "opening")).isEmpty();
        LOG.info(
                "key crash test: {} procedures done, {} refused, {} data keys destroyed",
                done,
                refused,
                ids(keys, "destroyed").size());
        assertThat(done.get()).isGreaterThan(wantedKills());
    }

    private static void done(AdminClient admin, AdminRequest request) throws AdminException {
        assertThat(admin.call(request, _ -> {})).isInstanceOf(AdminReply.Done.class);
    }

    private static void awaitNoJob(AdminClient admin) throws AdminException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (true) {
            AdminReply.Answer answer = admin.call(new AdminRequest.KeyJob(JobStep.SHOW, AS_FAST_AS_IT_GOES), _ -> {});
            assertThat(answer).isInstanceOf(AdminReply.KeyJob.class);
            if (answer instanceof AdminReply.KeyJob(var job) && job.isEmpty()) {
                return;
            }
            assertThat(System.nanoTime()).as("%s", answer).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
