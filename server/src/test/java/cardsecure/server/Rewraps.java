package cardsecure.server;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminException;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.secret.SecretBytes;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Moves a running server's vault from KEK to KEK, until the server is gone.
final class Rewraps implements Runnable {
    private final AdminClient client;
    private final int round;
    private final Semaphore acknowledged = new Semaphore(0);
    private int done;

    Rewraps(Path data, int round) {
        this.client = new AdminClient(data);
        this.round = round;
    }

    @Override
    public void run() {
        try {
            while (true) {
                String to = "file:kek-" + round + "-" + (done % 4) + ".key";
                AdminReply.Answer answer =
                        client.call(new AdminRequest.KeyRewrap(to, SecretBytes.owning(new byte[0]), false), _ -> {});
                if (!(answer instanceof AdminReply.Done)) {
                    throw new AssertionError("not done: " + answer);
                }
                done++;
                acknowledged.release();
            }
        } catch (AdminException _) {
            // The server was killed.
        }
    }

    /// Waits until so many are acknowledged.
    void await(int count) throws InterruptedException {
        if (!acknowledged.tryAcquire(count, 60, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not rewrap");
        }
    }

    /// How many the server acknowledged.
    int done() {
        return done;
    }
}
