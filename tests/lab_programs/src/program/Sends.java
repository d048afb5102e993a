package program;

import android.app.Activity;
import android.app.Application;
import android.util.Base64;
import android.webkit.WebView;
import android.widget.CheckBox;
import com.google.android.ump.ConsentForm;
import com.google.android.ump.FormError;
import com.google.android.ump.UserMessagingPlatform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Sends requests, encodes, compresses and runs commands, in the ways that apps have; nothing listens and nothing is sent. */
public final class Sends {
    private static final byte[] SAID = "490154203237518 490154203237518".getBytes(StandardCharsets.UTF_8);

    private Sends() {}

    public static void main(String[] args) throws Exception {
        OkHttpClient client = new OkHttpClient();
        client.newCall(new Request("GET", "https://one.example/a?b=c")).execute();
        client.newCall(new Request("POST", "https://two.example/d")).enqueue(null);
        HttpURLConnection connection = (HttpURLConnection) new URL("http://127.0.0.1:1/e").openConnection();
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(SAID);
        } catch (IOException refused) {
            System.out.println(refused.getMessage());
        }
        System.out.println(Base64.encodeToString(SAID, Base64.NO_WRAP));
        System.out.println(java.util.Base64.getEncoder().encodeToString(SAID));
        compress();
        for (String[] command : new String[][] {{"getprop", "ro.serialno"}, {"no such program"}}) {
            try {
                new ProcessBuilder(command).start();
            } catch (IOException missing) {
                System.out.println("no " + command[0]);
            }
        }
        try {
            Runtime.getRuntime().exec("getprop ro.serialno");
        } catch (IOException missing) {
            System.out.println("no getprop");
        }
        reflect();
        consent();
        new Screen().live();
        new Screened().live();
        System.out.flush();
        android.os.Process.killProcess(android.os.Process.myPid());
    }

    /** A screen whose life goes by the platform's methods, which have no code on the lab. */
    private static final class Screen extends Activity {
        void live() {
            onCreate(null);
            onStart();
            onRestart();
            onPause();
            onStop();
            onUserLeaveHint();
            onWindowFocusChanged(true);
            onRequestPermissionsResult(1, new String[] {"android.permission.CAMERA"}, new int[] {0});
        }
    }

    private static final class Screened extends Application {
        void live() {
            onCreate();
            onTrimMemory(20);
            WebView page = new WebView(this);
            page.addJavascriptInterface(this, "app");
            CheckBox box = new CheckBox(this);
            box.toggle();
            System.out.println(box.isChecked());
        }
    }

    private static void compress() throws IOException {
        Deflater deflater = new Deflater();
        deflater.setInput(SAID, 0, 15);
        byte[] first = new byte[100];
        int size = deflater.deflate(first);
        deflater.setInput(SAID, 15, SAID.length - 15);
        deflater.finish();
        while (!deflater.finished()) size += deflater.deflate(first, size, first.length - size);
        System.out.println(size);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (byte each : SAID) out.write(each);
        }
        System.out.println(bytes.size());
    }

    /** What a shrunk app has for a listener: any name, here that of its place. */
    private static final class a implements ConsentForm.OnConsentFormDismissedListener {
        @Override
        public void onConsentFormDismissed(FormError formError) {
            System.out.println("dismissed, " + (formError == null ? "answered" : "failed"));
        }
    }

    private static void consent() {
        for (int time = 0; time < 2; time++) {
            UserMessagingPlatform.loadAndShowConsentFormIfRequired(null, new a());
            UserMessagingPlatform.answer();
        }
    }

    private static void reflect() throws Exception {
        Method get = Class.forName("android.os.SystemProperties").getMethod("get", String.class);
        System.out.println(get.invoke(null, "ro.serialno"));
    }
}
