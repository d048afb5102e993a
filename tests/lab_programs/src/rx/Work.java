package rx;

import android.os.Handler;
import android.os.Looper;
import android.os.Message;
import java.util.concurrent.CountDownLatch;
import program.Target;

/** What a library does for whoever asked it to: a hooked call, which says for what. */
public final class Work implements Runnable {
    private static final Target OWN = new Target("own");
    private final String text;
    private final CountDownLatch done;

    public Work(String text, CountDownLatch done) {
        this.text = text;
        this.done = done;
    }

    @Override
    public void run() {
        OWN.echo(text);
        if (done != null) done.countDown();
    }

    /** Runs what a message carries. */
    public static final class Receiver extends Handler {
        public Receiver(Looper looper) {
            super(looper);
        }

        @Override
        public void handleMessage(Message msg) {
            ((Runnable) msg.obj).run();
        }
    }

    /** Has the loop run another task. */
    public static final class Relay implements Runnable {
        private final Handler handler;
        private final Runnable next;

        public Relay(Handler handler, Runnable next) {
            this.handler = handler;
            this.next = next;
        }

        @Override
        public void run() {
            handler.post(next);
        }
    }
}
