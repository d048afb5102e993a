package com.example.deep;

import android.app.Activity;
import android.app.Dialog;
import android.os.Bundle;
import android.widget.Button;
import android.widget.CheckBox;
import android.widget.LinearLayout;
import android.widget.TextView;
import com.statflow.sdk.StatFlow;
import java.util.ArrayDeque;
import java.util.Deque;
import lab.runtime.App;
import lab.truth.Truth;

/**
 * As `deep` it ticks its box in advance, offers no refusal, hides its policy six operations deep, and never stops
 * collecting. As `mended` it does nothing of that. As `undeclared` and `declared` it is mended but has the SDK of somebody
 * else, which its policy names in the second case only.
 */
public class MainActivity extends Activity {
    private static final String MODE = App.fact("mode", "");
    private static final boolean BAD = MODE.equals("deep");
    private static final String[] WAY = BAD
        ? new String[] {"我的", "设置", "通用", "关于", "法律信息", "隐私政策"}
        : new String[] {"设置", "隐私政策"};
    private static final String SAID = switch (MODE) {
        case "undeclared" -> "本应用收集您的手机号码，用于登录、找回密码，以及在您提交订单之后与您联系，不会用于其他任何目的。";
        case "declared" -> "本应用收集您的手机号码，用于登录。我们会向 StatFlow 提供您的 IMEI，用于统计启动次数。";
        default -> "本应用收集设备标识，用于统计启动次数。我们不会向第三方提供您的个人信息。";
    };
    private static final String POLICY = "隐私政策。" + SAID
        + "您可以随时撤回同意、更正或者删除您的信息，也可以注销账号。我们采取加密传输与访问控制保护这些数据，并且只在为您提供服务所必需的期限内保存。"
        + "如果本政策发生变化，我们会在应用内提示您重新阅读。本政策适用于本应用提供的全部功能，包括记录与提醒。未成年人应当在监护人陪同下使用本应用。"
        + "如有疑问，请通过应用内的反馈页面与我们联系，我们将在十五个工作日内答复。";

    private final Deque<Integer> shown = new ArrayDeque<>();

    @Override
    protected void onCreate(Bundle savedInstanceState) {
        super.onCreate(savedInstanceState);
        show(0);
        ask();
    }

    private void ask() {
        Dialog dialog = new Dialog(this);
        LinearLayout content = new LinearLayout(this);
        content.setOrientation(LinearLayout.VERTICAL);
        content.addView(text("用户协议与隐私政策"));
        content.addView(text("请您阅读并同意《用户协议》和《隐私政策》。我们会收集您的设备信息。"));
        CheckBox box = new CheckBox(this);
        box.setText("我已阅读并同意《隐私政策》");
        box.setChecked(BAD);
        content.addView(box);
        LinearLayout buttons = new LinearLayout(this);
        if (!BAD) {
            buttons.addView(answer(dialog, "不同意", () -> Truth.phase("refused")));
        }
        buttons.addView(answer(dialog, "同意", this::accepted));
        content.addView(buttons);
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

    private void show(int page) {
        shown.push(page);
        LinearLayout content = new LinearLayout(this);
        content.setOrientation(LinearLayout.VERTICAL);
        if (page == WAY.length) {
            content.addView(text(POLICY));
        } else {
            content.addView(text(page == 0 ? "今天的记录" : WAY[page - 1]));
            content.addView(button(WAY[page], () -> show(page + 1)));
            content.addView(button("清除缓存", () -> {}));
        }
        setContentView(content);
    }

    @Override
    public void onBackPressed() {
        if (shown.size() < 2) {
            super.onBackPressed();
            return;
        }
        shown.pop();
        show(shown.pop());
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

    private void accepted() {
        Truth.phase("accepted");
        if (BAD) {
            start(() -> Collector.run(this));
            Collector.watchScreen(getApplicationContext());
        } else if (MODE.endsWith("declared")) {
            start(() -> StatFlow.count(this));
        }
    }

    private static void start(Runnable work) {
        Thread collector = new Thread(work, "collector");
        collector.setDaemon(true);
        collector.start();
    }
}
