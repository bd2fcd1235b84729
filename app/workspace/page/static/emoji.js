// Emoji by shortcode. A shortcode that is not in the table is shown as it was written.

const TABLE = `
  grinning 😀, smiley 😃, smile 😄, grin 😁, laughing 😆, sweat_smile 😅, joy 😂, rofl 🤣, slightly_smiling_face 🙂,
  upside_down_face 🙃, wink 😉, blush 😊, innocent 😇, heart_eyes 😍, yum 😋, thinking_face 🤔, thinking 🤔,
  zipper_mouth_face 🤐, raised_eyebrow 🤨, neutral_face 😐, expressionless 😑, smirk 😏, unamused 😒, roll_eyes 🙄,
  grimacing 😬, relieved 😌, pensive 😔, sleepy 😪, sleeping 😴, mask 😷, exploding_head 🤯, sunglasses 😎, nerd_face 🤓,
  confused 😕, worried 😟, slightly_frowning_face 🙁, open_mouth 😮, astonished 😲, flushed 😳, fearful 😨, cold_sweat 😰,
  cry 😢, sob 😭, scream 😱, disappointed 😞, sweat 😓, weary 😩, tired_face 😫, triumph 😤, rage 😡, angry 😠, skull 💀,
  ghost 👻, robot_face 🤖, robot 🤖, poop 💩, see_no_evil 🙈, heart ❤️, yellow_heart 💛, green_heart 💚, blue_heart 💙,
  broken_heart 💔, 100 💯, boom 💥, collision 💥, dizzy 💫, speech_balloon 💬, thought_balloon 💭, zzz 💤,
  wave 👋, raised_hand ✋, hand ✋, ok_hand 👌, v ✌️, crossed_fingers 🤞, point_left 👈, point_right 👉, point_up ☝️,
  point_up_2 👆, point_down 👇, +1 👍, thumbsup 👍, -1 👎, thumbsdown 👎, fist ✊, clap 👏, raised_hands 🙌, open_hands 👐,
  handshake 🤝, pray 🙏, writing_hand ✍️, muscle 💪, brain 🧠, eyes 👀, eye 👁️, bust_in_silhouette 👤,
  busts_in_silhouette 👥, detective 🕵️, sleuth_or_spy 🕵️, technologist 🧑‍💻, judge 🧑‍⚖️, firefighter 🧑‍🚒,
  scientist 🧑‍🔬, guardsman 💂, construction_worker 👷, man-shrugging 🤷‍♂️, shrug 🤷, facepalm 🤦, running 🏃,
  superhero 🦸,
  dog 🐶, cat 🐱, bug 🐛, bee 🐝, snail 🐌, turtle 🐢, snake 🐍, octopus 🐙, parrot 🦜, unicorn_face 🦄, see 🌊, ocean 🌊,
  fire 🔥, sparkles ✨, star ⭐, star2 🌟, zap ⚡, sunny ☀️, cloud ☁️, rain_cloud 🌧️, snowflake ❄️, rainbow 🌈,
  droplet 💧, seedling 🌱, herb 🌿, earth_africa 🌍, earth_americas 🌎, new_moon 🌑, full_moon 🌕, coffee ☕, tea 🍵,
  pizza 🍕, cake 🍰, birthday 🎂, apple 🍎, popcorn 🍿,
  tada 🎉, confetti_ball 🎊, balloon 🎈, gift 🎁, trophy 🏆, medal 🏅, dart 🎯, game_die 🎲, art 🎨, performing_arts 🎭,
  clapper 🎬, musical_note 🎵,
  rocket 🚀, airplane ✈️, ambulance 🚑, fire_engine 🚒, police_car 🚓, construction 🚧, rotating_light 🚨,
  vertical_traffic_light 🚦, traffic_light 🚥, octagonal_sign 🛑, stop_sign 🛑, anchor ⚓, hourglass ⌛,
  hourglass_flowing_sand ⏳, watch ⌚, alarm_clock ⏰, stopwatch ⏱️, timer_clock ⏲️, clock1 🕐, clock3 🕒, clock9 🕘,
  calendar 📆, date 📅, spiral_calendar_pad 🗓️,
  computer 💻, desktop_computer 🖥️, keyboard ⌨️, iphone 📱, phone ☎️, telephone_receiver 📞, pager 📟, battery 🔋,
  electric_plug 🔌, bulb 💡, flashlight 🔦, mag 🔍, mag_right 🔎, microscope 🔬, telescope 🔭, satellite_antenna 📡,
  thermometer 🌡️, pill 💊, test_tube 🧪, petri_dish 🧫, dna 🧬, syringe 💉, adhesive_bandage 🩹, stethoscope 🩺, lock 🔒,
  unlock 🔓, closed_lock_with_key 🔐, key 🔑, old_key 🗝️, hammer 🔨, wrench 🔧, hammer_and_wrench 🛠️, nut_and_bolt 🔩,
  gear ⚙️, toolbox 🧰, chains ⛓️, link 🔗, magnet 🧲, scales ⚖️, shield 🛡️, crossed_swords ⚔️, bomb 💣,
  fire_extinguisher 🧯, broom 🧹, wastebasket 🗑️, package 📦, mailbox 📫, inbox_tray 📥, outbox_tray 📤, email ✉️,
  envelope ✉️, incoming_envelope 📨, e-mail 📧, love_letter 💌, memo 📝, pencil 📝, pencil2 ✏️,
  lower_left_ballpoint_pen 🖊️, clipboard 📋, page_facing_up 📄, page_with_curl 📃, bookmark_tabs 📑, scroll 📜,
  newspaper 📰, book 📖, books 📚, notebook 📓, ledger 📒, closed_book 📕, green_book 📗, blue_book 📘, bookmark 🔖,
  label 🏷️, file_folder 📁, open_file_folder 📂, card_index_dividers 🗂️, card_file_box 🗃️, file_cabinet 🗄️,
  chart_with_upwards_trend 📈, chart_with_downwards_trend 📉, bar_chart 📊, pushpin 📌, round_pushpin 📍, paperclip 📎,
  linked_paperclips 🖇️, straight_ruler 📏, triangular_ruler 📐, scissors ✂️, compass 🧭, world_map 🗺️, moneybag 💰,
  dollar 💵, credit_card 💳, receipt 🧾, bank 🏦, hospital 🏥, office 🏢, house 🏠, factory 🏭, classical_building 🏛️,
  mega 📣, loudspeaker 📢, bell 🔔, no_bell 🔕, speaker 🔈, mute 🔇, movie_camera 🎥, camera 📷, film_frames 🎞️, tv 📺,
  white_check_mark ✅, heavy_check_mark ✔️, ballot_box_with_check ☑️, x ❌, negative_squared_cross_mark ❎,
  heavy_multiplication_x ✖️, question ❓, grey_question ❔, exclamation ❗, heavy_exclamation_mark ❗,
  grey_exclamation ❕, bangbang ‼️, interrobang ⁉️, warning ⚠️, no_entry ⛔, no_entry_sign 🚫, name_badge 📛,
  radioactive_sign ☢️, biohazard_sign ☣️, recycle ♻️, information_source ℹ️, sos 🆘, new 🆕, free 🆓, up 🆙, cool 🆒,
  ok 🆗, o ⭕, heavy_plus_sign ➕, heavy_minus_sign ➖, infinity ♾️, arrow_right ➡️, arrow_left ⬅️, arrow_up ⬆️,
  arrow_down ⬇️, arrow_upper_right ↗️, arrow_lower_right ↘️, arrows_counterclockwise 🔄, arrows_clockwise 🔃,
  leftwards_arrow_with_hook ↩️, arrow_right_hook ↪️, rewind ⏪, fast_forward ⏩, arrow_forward ▶️,
  double_vertical_bar ⏸️, black_square_for_stop ⏹️, record_button ⏺️, red_circle 🔴, large_orange_circle 🟠,
  large_yellow_circle 🟡, large_green_circle 🟢, large_blue_circle 🔵, large_purple_circle 🟣, large_brown_circle 🟤,
  white_circle ⚪, black_circle ⚫, large_red_square 🟥, large_orange_square 🟧, large_yellow_square 🟨,
  large_green_square 🟩, large_blue_square 🟦, large_purple_square 🟪, black_large_square ⬛, white_large_square ⬜,
  black_small_square ▪️, white_small_square ▫️, small_red_triangle 🔺, small_red_triangle_down 🔻,
  small_orange_diamond 🔸, small_blue_diamond 🔹, large_orange_diamond 🔶, large_blue_diamond 🔷, checkered_flag 🏁,
  triangular_flag_on_post 🚩, waving_white_flag 🏳️, waving_black_flag 🏴, flag-eu 🇪🇺, us 🇺🇸, gb 🇬🇧, de 🇩🇪, fr 🇫🇷,
  zero 0️⃣, one 1️⃣, two 2️⃣, three 3️⃣, four 4️⃣, five 5️⃣, six 6️⃣, seven 7️⃣, eight 8️⃣, nine 9️⃣, keycap_ten 🔟,
  crystal_ball 🔮, ladder 🪜, door 🚪, puzzle_piece 🧩, jigsaw 🧩, thread 🧵, knot 🪢, balance_scale ⚖️, candle 🕯️,
  ring_buoy 🛟, lifebuoy 🛟, safety_vest 🦺, helmet_with_white_cross ⛑️, speaking_head_in_silhouette 🗣️, clock12 🕛,
  clock6 🕕, repeat 🔁, twisted_rightwards_arrows 🔀, part_alternation_mark 〽️, wavy_dash 〰️, heavy_dollar_sign 💲,
  copyright ©️, tm ™️,
`;

const EMOJI = new Map(
  TABLE.trim().split(/,\s*/).filter(Boolean).map((pair) => {
    const at = pair.lastIndexOf(" ");
    return [pair.slice(0, at).trim(), pair.slice(at + 1)];
  }),
);

export const QUICK = ["eyes", "white_check_mark", "+1"];

// The character of a shortcode without its colons, skin tone ignored; null for an unknown one.
export function emoji(name) {
  return EMOJI.get(name) || EMOJI.get(name.split("::")[0]) || null;
}

export function emojiOrName(name) {
  return emoji(name) || `:${name}:`;
}

// Shortcodes that hold `part`, those that start with it first.
export function findEmoji(part, most = 400) {
  const wanted = part.toLowerCase().replaceAll(" ", "_");
  const seen = new Set();
  const unique = ([, character]) => !seen.has(character) && seen.add(character);
  const found = [...EMOJI].filter(([name]) => name.includes(wanted));
  found.sort(([one], [other]) => Number(other.startsWith(wanted)) - Number(one.startsWith(wanted)));
  return found.filter(unique).slice(0, most);
}

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+(?:::[a-z0-9-]+)?):/g, (whole, name) => emoji(name) || whole);
}
