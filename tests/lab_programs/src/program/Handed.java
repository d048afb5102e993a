package program;

import android.app.Activity;
import android.os.Handler;
import android.os.HandlerThread;
import android.os.Message;
import android.util.Base64;
import android.view.MotionEvent;
import com.google.android.ump.ConsentForm;
import com.google.android.ump.UserMessagingPlatform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import kotlinx.coroutines.scheduling.CoroutineScheduler;

/** What is handed to others to run, to touch, to listen or to encode: the outcomes of each, as `Outcomes` prints them. */
final class Handed {
    private Handed() {}

    static void all() throws Exception {
        HandlerThread loop = new HandlerThread("handed");
        loop.start();
        messages(new Handler(loop.getLooper()));
        loop.quit();
        ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
        scheduled(clock);
        clock.shutdown();
        CoroutineScheduler scheduler = new CoroutineScheduler();
        for (int each : new int[] {1, 2, 3}) {
            CompletableFuture<String> done = new CompletableFuture<>();
            Outcomes.of("launched", () -> {
                scheduler.dispatch(() -> done.complete(each + " on " + Thread.currentThread().getName()), false, false);
                return done.get();
            });
        }
        Screen screen = new Screen();
        for (int action : new int[] {0, 2, 1, 5}) {
            Outcomes.of("touched", () -> screen.dispatchTouchEvent(MotionEvent.obtain(0, 0, action, 1.5f, -2f, 0)));
        }
        Outcomes.of("touched by nobody", () -> screen.dispatchTouchEvent(null));
        List<Object> heard = new ArrayList<>();
        ConsentForm.OnConsentFormDismissedListener listener = new Heard(heard);
        for (int time = 0; time < 3; time++) {
            Outcomes.of("heard", () -> {
                UserMessagingPlatform.loadAndShowConsentFormIfRequired(null, listener);
                UserMessagingPlatform.answer();
                return heard.toString();
            });
        }
        Outcomes.of("heard by nobody", () -> {
            UserMessagingPlatform.loadAndShowConsentFormIfRequired(null, null);
            return heard.size();
        });
        Outcomes.of("a listener that throws", () -> {
            UserMessagingPlatform.showPrivacyOptionsForm(null, new Failing());
            UserMessagingPlatform.answer();
            return null;
        });
        encoded();
    }

    private static void messages(Handler handler) throws Exception {
        List<String> order = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(6);
        for (int each = 0; each < 3; each++) {
            String name = "task " + each;
            Outcomes.of("posted", () -> handler.post(() -> note(order, name, all)));
            Outcomes.of("posted for later", () -> handler.postDelayed(() -> note(order, "later " + name, all), 400));
        }
        all.await();
        Outcomes.of("order", order::toString);
        CompletableFuture<String> sent = new CompletableFuture<>();
        Handler own = new Handler(handler.getLooper(), message -> sent.complete(message.what + " " + message.obj));
        Outcomes.of("sent", () -> own.sendMessage(own.obtainMessage(7, "seven")) + " " + sent.get());
        Outcomes.of("sent in front", () -> own.sendMessageAtFrontOfQueue(Message.obtain()));
        Outcomes.of("sent nothing", () -> own.sendMessage(null));
    }

    private static void note(List<String> order, String name, CountDownLatch all) {
        order.add(name);
        all.countDown();
    }

    private static void scheduled(ScheduledExecutorService clock) throws Exception {
        Outcomes.of("scheduled", () -> clock.schedule(() -> "value", 1, TimeUnit.MILLISECONDS).get());
        Outcomes.of("scheduled to fail", () -> clock.schedule(() -> Integer.parseInt("x"), 1, TimeUnit.MILLISECONDS).get());
        Outcomes.of("scheduled nothing", () -> clock.schedule((Runnable) null, 1, TimeUnit.MILLISECONDS));
        ScheduledFuture<?> never = clock.schedule(() -> "never", 1, TimeUnit.HOURS);
        Outcomes.of("cancelled", () -> never.cancel(false) + " " + never.isCancelled());
        CountDownLatch thrice = new CountDownLatch(3);
        ScheduledFuture<?> often = clock.scheduleWithFixedDelay(thrice::countDown, 0, 1, TimeUnit.MILLISECONDS);
        thrice.await();
        Outcomes.of("stopped", () -> often.cancel(true) + " " + thrice.getCount());
    }

    private static void encoded() {
        byte[] dictionary = "{\"device\": {\"imei\": ".getBytes(StandardCharsets.UTF_8);
        byte[] plain = "{\"device\": {\"imei\": \"490154203237518\"}}".getBytes(StandardCharsets.UTF_8);
        Outcomes.of("packed with a dictionary", () -> {
            Deflater packer = new Deflater();
            packer.setDictionary(dictionary);
            packer.setInput(plain);
            packer.finish();
            byte[] packed = new byte[200];
            int size = packer.deflate(packed);
            Inflater reader = new Inflater();
            reader.setInput(packed, 0, size);
            byte[] back = new byte[200];
            int none = reader.inflate(back);
            reader.setDictionary(dictionary);
            return none + " " + new String(back, 0, reader.inflate(back), StandardCharsets.UTF_8);
        });
        for (int flags : new int[] {Base64.DEFAULT, Base64.NO_WRAP, Base64.URL_SAFE}) {
            Outcomes.of("base64", () -> Base64.encodeToString(plain, flags));
            Outcomes.of("base64 bytes", () -> Arrays.toString(Base64.encode(plain, flags)));
        }
    }

    private static final class Screen extends Activity {}

    private static final class Heard implements ConsentForm.OnConsentFormDismissedListener {
        private final List<Object> heard;

        Heard(List<Object> heard) {
            this.heard = heard;
        }

        @Override
        public void onConsentFormDismissed(com.google.android.ump.FormError formError) {
            heard.add(String.valueOf(formError));
        }
    }

    private static final class Failing implements ConsentForm.OnConsentFormDismissedListener {
        @Override
        public void onConsentFormDismissed(com.google.android.ump.FormError formError) {
            throw new IllegalStateException("no form");
        }
    }
}
