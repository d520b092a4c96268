from odoo.tests import BaseCase

from ...tools import names


class TestNames(BaseCase):
    """Chinese names as people type them, without a database."""

    def test_a_chinese_name_is_found_by_itself_its_pinyin_and_initials(self):
        self.assertEqual(names.search_words("张伟"), ["张伟", "zhangwei", "zw"])

    def test_the_given_name_is_a_word_of_its_own(self):
        self.assertEqual(
            names.search_words("曾小贤"), ["曾小贤", "小贤", "zengxiaoxian", "zxx"]
        )

    def test_two_characters_of_a_long_name_always_start_a_word(self):
        name = "买合木提"
        words = names.search_words(name)
        for start in range(len(name) - 1):
            part = name[start : start + 2]
            self.assertTrue(any(word.startswith(part) for word in words), part)

    def test_a_surname_is_read_as_a_surname(self):
        readings = {
            "曾国": "zengguo",
            "单雄信": "shanxiongxin",
            "仇英": "qiuying",
            "解缙": "xiejin",
            "区健": "oujian",
            "任盈盈": "renyingying",
            "查良镛": "zhaliangyong",
            "卜算": "busuan",
            "尉迟恭": "yuchigong",
            "令狐冲": "linghuchong",
            "万俟卨": "moqixie",
            "长孙无忌": "zhangsunwuji",
            "吕布": "lvbu",
        }
        for name, reading in readings.items():
            self.assertIn(reading, names.search_words(name), name)

    def test_a_single_character_is_read_as_in_the_dictionary(self):
        self.assertEqual(names.pinyin("单"), ["dan"])

    def test_spaces_and_dots_inside_a_name_do_not_hide_it(self):
        self.assertIn("张伟", names.search_words("张 伟"))
        words = names.search_words("阿依古丽·买买提")
        self.assertIn("买买提", words)
        self.assertIn("ayglmmt", words)

    def test_another_script_is_found_by_its_parts(self):
        self.assertEqual(names.search_words("Adam  Cronin"), ["adam", "cronin"])

    def test_no_name_has_no_words(self):
        for empty in (None, False, "", "   "):
            self.assertEqual(names.search_words(empty), [])

    def test_full_width_letters_are_folded(self):
        self.assertEqual(names.fold("Ｐ０１２Ａ"), "p012a")
        self.assertEqual(names.search_words("ＡＢ"), ["ab"])

    def test_digits_of_a_telephone_number(self):
        for written in (
            "13800001234",
            "138 0000 1234",
            "+86 138-0000-1234",
            "0086 13800001234",
            "１３８００００１２３４",
        ):
            self.assertEqual(names.digits(written), "13800001234", written)
        self.assertEqual(names.digits("021-1234 5678"), "02112345678")
        self.assertEqual(names.digits("+44 20 7946 0018"), "442079460018")
        self.assertEqual(names.digits(None), "")
