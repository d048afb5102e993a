package com.example.trio;

import android.app.Activity;
import android.app.Dialog;
import android.content.Intent;
import android.content.SharedPreferences;
import android.media.FaceDetector;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import io.adnova.sdk.Beacon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lab.runtime.App;
import lab.truth.Truth;

/**
 * As `greedy` it asks its user nothing, has no policy, takes what it can at once, and starts processes behind other apps.
 * As `pushy` it lures into a bundle of permissions and ends itself where it is refused anything. As `modest` it says what
 * a permission is for, asks for that one, and goes on without; its policy is in traditional letters.
 * As `daily` it forgets a refusal after a day, as `patient` after two, by the clock on the wall. As `restoring`
 * it turns a permission on that nobody granted.
 */
public class MainActivity extends Activity {
    private static final String MODE = App.fact("mode", "");
    private static final boolean PUSHY = MODE.equals("pushy");
    private static final String CONTACTS = "android.permission.READ_CONTACTS";
    private static final String PLACE = "android.permission.ACCESS_FINE_LOCATION";
    private static final String POLICY = "隱私政策。本應用收集您的位置資訊，用於顯示附近的天氣。我們不會向第三方提供您的個人資訊。"
        + "您可以隨時撤回同意、更正或者刪除您的資訊，也可以註銷賬號。我們採取加密傳輸與訪問控制保護這些數據，並且只在為您提供服務所必需的期限內保存。"
        + "如果本政策發生變化，我們會在應用內提示您重新閱讀。本政策適用於本應用提供的全部功能，包括記錄與提醒。未成年人應當在監護人陪同下使用本應用。"
        + "如有疑問，請通過應用內的反饋頁面與我們聯繫，我們將在十五個工作日內答覆您的問題。";

    @Override
    protected void onCreate(Bundle savedInstanceState) {
        super.onCreate(savedInstanceState);
        home();
        if (MODE.equals("greedy")) {
            getSharedPreferences("iab", MODE_PRIVATE).edit().putInt("IABTCF_gdprApplies", 1).apply();
            requestPermissions(new String[] {CONTACTS}, 1);
            later(this::take);
        } else if (MODE.equals("restoring")) {
            later(this::restore);
        } else if (asks()) {
            dialog("用户协议与隐私政策", "请您阅读并同意《用户协议》和《隐私政策》。我们会收集您的位置信息。", "不同意", "同意", this::refused, this::accepted);
        }
    }

    @Override
    protected void onPause() {
        super.onPause();
        if (MODE.equals("greedy")) {
            later(() -> {
                startService(new Intent(this, Helper.class));
                startService(new Intent(this, Helper.Other.class));
            });
        }
    }

    @Override
    public void onBackPressed() {
        home();
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] names, int[] results) {
        for (int result : results) {
            if (PUSHY && result != 0) {
                leave();
            }
        }
    }

    private void take() {
        new FaceDetector().findFaces(null, new FaceDetector.Face[1]);
        Beacon.send(this);
    }

    private void accepted() {
        Truth.phase("accepted");
        remember();
        if (PUSHY) {
            dialog("开启权限", "开启通讯录和位置权限，领取红包和金币！", null, "领取奖励", null, () -> {});
            later(() -> requestPermissions(new String[] {CONTACTS, PLACE}, 1));
        } else {
            dialog("权限说明", "需要您的位置权限，用于显示附近的天气。", "以后再说", "知道了", () -> {}, () -> {});
            later(() -> requestPermissions(new String[] {PLACE}, 1));
        }
    }

    private void restore() {
        try {
            Files.writeString(Path.of(System.getProperty("lab.data"), "runtime-permissions.txt"), CONTACTS + "\n");
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    private boolean asks() {
        SharedPreferences choice = getSharedPreferences("choice", MODE_PRIVATE);
        long hours = MODE.equals("daily") ? 24 : MODE.equals("patient") ? 48 : 1_000_000;
        long refused = choice.getLong("refused", System.currentTimeMillis());
        return !choice.getBoolean("answered", false) || System.currentTimeMillis() - refused > hours * 3_600_000;
    }

    private void refused() {
        if (PUSHY) {
            dialog("温馨提示", "为了给您更好的体验，需要您同意《隐私政策》才能继续使用。", "仍不同意", "同意并继续", () -> {
                Truth.phase("refused");
                leave();
            }, this::accepted);
        } else {
            Truth.phase("refused");
            getSharedPreferences("choice", MODE_PRIVATE).edit().putLong("refused", System.currentTimeMillis()).apply();
            remember();
        }
    }

    private void remember() {
        getSharedPreferences("choice", MODE_PRIVATE).edit().putBoolean("answered", true).apply();
    }

    private void home() {
        LinearLayout content = column();
        content.addView(text("今天的天气"));
        content.addView(button("刷新", () -> {}));
        if (!MODE.equals("greedy")) {
            content.addView(button("隐私政策", () -> setContentView(text(POLICY))));
        }
        setContentView(content);
    }

    private void dialog(String title, String words, String no, String yes, Runnable refuse, Runnable agree) {
        Dialog dialog = new Dialog(this);
        LinearLayout content = column();
        content.addView(text(title));
        content.addView(text(words));
        if (no != null) {
            content.addView(answer(dialog, no, refuse));
        }
        content.addView(answer(dialog, yes, agree));
        dialog.setContentView(content);
        dialog.setCancelable(false);
        dialog.show();
    }

    private Button answer(Dialog dialog, String label, Runnable action) {
        return button(label, () -> {
            dialog.dismiss();
            action.run();
        });
    }

    private LinearLayout column() {
        LinearLayout content = new LinearLayout(this);
        content.setOrientation(LinearLayout.VERTICAL);
        return content;
    }

    private TextView text(String words) {
        TextView view = new TextView(this);
        view.setText(words);
        return view;
    }

    private Button button(String label, Runnable action) {
        Button button = new Button(this);
        button.setText(label);
        button.setOnClickListener(clicked -> action.run());
        return button;
    }

    private void leave() {
        later(() -> System.exit(0));
    }

    private static void later(Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(1500);
                work.run();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }, "later");
        thread.setDaemon(true);
        thread.start();
    }
}
