"""The experiments by id: one entry and one file each."""

from __future__ import annotations

from typing import Final

from experiments.harness.experiment import Experiment
from tokenry.errors import StudyError
from tokenry.registry import Entry, Registry


def _neural(name: str, file: str, source: str) -> Entry[Experiment]:
    target = f"experiments.{file}:EXPERIMENT"
    return Entry(name, target, source, systems=(name,), extra="neural")


EXPERIMENTS: Final[Registry[Experiment]] = Registry(
    "experiment",
    (
        Entry(
            "S001",
            "experiments.measuring.adversarial_boundaries:EXPERIMENT",
            "Wang et al. 2024, Tokenization Matters! Degrading Large Language Models through "
            "Challenging Their Tokenization, arXiv:2405.17067",
            systems=("S001",),
            extra="neural",
        ),
        _neural(
            "S009",
            "signals.factorised",
            "Bai et al. 2024, Factorized Visual Tokenization and Generation, arXiv:2411.16681",
        ),
        Entry(
            "S012",
            "experiments.measuring.turkish_standards:EXPERIMENT",
            "Bayram et al. 2025, Tokenization Standards for Linguistic Integrity: Turkish as a "
            "Benchmark, arXiv:2502.07057",
            systems=("S012",),
            extra="neural",
        ),
        Entry(
            "S015",
            "experiments.learning.lib:EXPERIMENT",
            "Yang, Frank, van den Bosch 2020, Less is Better: a cognitively inspired "
            "unsupervised model for language segmentation; Yang 2024, arXiv:2403.00417",
            systems=("S015",),
        ),
        _neural(
            "S017",
            "signals.families",
            "Li et al. 2025, Discrete Tokenization for Multimodal LLMs: a survey, arXiv:2507.22920",
        ),
        Entry(
            "S018",
            "experiments.learning.biomedical_morphs:EXPERIMENT",
            "Gutiérrez, Sun, Su 2023, Biomedical Language Models are Robust to Sub-optimal "
            "Tokenization, arXiv:2306.17649",
            systems=("S018",),
            extra="neural",
        ),
        Entry(
            "S027",
            "experiments.signals.outlines:EXPERIMENT",
            "Pramanick et al. 2023, Jack of All Tasks, Master of Many: Designing General-purpose "
            "Coarse-to-Fine Vision-Language Model, arXiv:2312.12423",
            systems=("S027",),
            extra="signals",
        ),
        Entry(
            "S028",
            "experiments.domains.genomes:EXPERIMENT",
            "Zhou, Ji, Li, Dutta, Davuluri, Liu 2024, DNABERT-2: Efficient Foundation Model and "
            "Benchmark For Multi-Species Genome, arXiv:2306.15006",
            systems=("S028",),
            extra="neural",
        ),
        Entry(
            "S030",
            "experiments.domains.tables:EXPERIMENT",
            "Watson, Cho, Balch, Veloso 2024, HiddenTables & PyQTax: A Cooperative Game and "
            "Dataset For TableQA to Ensure Scale and Data Privacy Across a Myriad of Taxonomies, "
            "arXiv:2406.10803",
            systems=("S030",),
        ),
        Entry(
            "S032",
            "experiments.domains.molecules:EXPERIMENT",
            "Pei et al. 2024, BioT5+: Towards Generalized Biological Understanding with IUPAC "
            "Integration and Multi-task Tuning, arXiv:2402.17810",
            systems=("S032",),
            extra="neural",
        ),
        Entry(
            "S033",
            "experiments.learning.kl3m:EXPERIMENT",
            "Bommarito, Katz, Bommarito 2025, KL3M tokenizers: a family of domain-specific and "
            "character-level tokenizers for legal, financial, and preprocessing applications, "
            "arXiv:2503.17247",
            systems=("S033",),
        ),
        Entry(
            "S034",
            "experiments.learning.radiology:EXPERIMENT",
            "Yamagishi et al. 2025, ModernBERT is More Efficient than Conventional BERT for "
            "Chest CT Findings Classification in Japanese Radiology Reports, arXiv:2503.05060",
            systems=("S034",),
            extra="neural",
        ),
        Entry(
            "S035",
            "experiments.text.number_policies:EXPERIMENT",
            "Singh, Strouse 2024, Tokenization counts: the impact of tokenization on "
            "arithmetic in frontier LLMs, arXiv:2402.14903",
            systems=("S035",),
            extra="neural",
        ),
        Entry(
            "S036",
            "experiments.learning.supertoken:EXPERIMENT",
            "Sharthak, Pahalwan, Kamath, Shirawalmath 2025, Achieving tokenizer flexibility in "
            "language models through heuristic adaptation and supertoken learning, "
            "arXiv:2505.09738",
            systems=("S036",),
        ),
        Entry(
            "S037",
            "experiments.measuring.qtok:EXPERIMENT",
            "Chelombitko, Safronov, Komissarov 2024, Qtok: A Comprehensive Framework for "
            "Evaluating Multilingual Tokenizer Quality in Large Language Models, "
            "arXiv:2410.12989",
            systems=("S037",),
        ),
        _neural(
            "S038",
            "decoding.exact_bytes",
            "Phan, Amos, Gat, Havasi, Muckley, Ullrich 2024, Exact Byte-Level Probabilities from "
            "Tokenized Language Models for FIM-Tasks and Model Ensembles, arXiv:2410.09303",
        ),
        Entry(
            "S039",
            "experiments.learning.k_tokeniser:EXPERIMENT",
            "Hasan, Wu, Nguyen, Andres, Guellil, Zhang, Casey, Alex, Guthrie, Wu 2024, "
            "Infusing clinical knowledge into tokenisers for language models, arXiv:2406.14312",
            systems=("S039",),
            extra="neural",
        ),
        Entry(
            "S041",
            "experiments.transfer.zero_shot_transfer:EXPERIMENT",
            "Minixhofer, Ponti, Vulić 2024, Zero-Shot Tokenizer Transfer, arXiv:2405.07883",
            systems=("S041",),
            extra="neural",
        ),
        Entry(
            "S042",
            "experiments.learning.superbpe:EXPERIMENT",
            "Liu et al. 2025, SuperBPE: Space Travel for Language Models, arXiv:2503.13423",
            systems=("S042",),
        ),
        Entry(
            "S044",
            "experiments.measuring.data_mixture:EXPERIMENT",
            "Hayase, Liu, Choi, Oh, Smith 2024, Data Mixture Inference: What do BPE Tokenizers "
            "Reveal about their Training Data?, arXiv:2407.16607",
            systems=("S044",),
        ),
        Entry(
            "S047",
            "experiments.transfer.wechsel_model:EXPERIMENT",
            "Minixhofer, Paischer, Rekabsaz 2022, WECHSEL: Effective initialization of subword "
            "embeddings for cross-lingual transfer of monolingual language models, "
            "arXiv:2112.06598",
            systems=("S047",),
            extra="neural",
        ),
        Entry(
            "S049",
            "experiments.transfer.likelihood_matching:EXPERIMENT",
            "Minixhofer, Vulić, Ponti 2025, Universal Cross-Tokenizer Distillation via Approximate "
            "Likelihood Matching, arXiv:2503.20083",
            systems=("S049",),
            extra="neural",
        ),
        Entry(
            "S054",
            "experiments.transfer.expansion:EXPERIMENT",
            "Mundra et al. 2024, An Empirical Comparison of Vocabulary Expansion and "
            "Initialization Approaches for Language Models, arXiv:2407.05841",
            systems=("S054",),
            extra="neural",
        ),
        Entry(
            "S055",
            "experiments.transfer.dynamic_input:EXPERIMENT",
            "Feher, Vulić, Minixhofer 2025, Retrofitting Large Language Models with Dynamic "
            "Tokenization, arXiv:2411.18553",
            systems=("S055",),
            extra="neural",
        ),
        _neural(
            "S050",
            "decoding.nested_draft",
            "Kavehzadeh et al. 2024, S2D: Sorted Speculative Decoding For More Efficient "
            "Deployment of Nested Large Language Models, arXiv:2407.01955",
        ),
        _neural(
            "S051",
            "decoding.token_recycling",
            "Luo et al. 2024, Turning Trash into Treasure: Accelerating Inference of Large "
            "Language Models with Token Recycling, arXiv:2408.08696",
        ),
        _neural(
            "S099",
            "decoding.latent_steps",
            "Shi et al. 2025, SwiReasoning: Switch-Thinking in Latent and Explicit for "
            "Pareto-Superior Reasoning LLMs, arXiv:2510.05069",
        ),
        _neural(
            "S100",
            "decoding.methods_compared",
            "Zhang et al. 2025, A Survey on Parallel Text Generation: From Parallel Decoding to "
            "Diffusion Language Models, arXiv:2508.08712",
        ),
        _neural(
            "S153",
            "decoding.cached_diffusion",
            "Hu et al. 2025, Accelerating Diffusion Language Model Inference via Efficient KV "
            "Caching and Guided Diffusion, arXiv:2505.21467",
        ),
        _neural(
            "S158",
            "decoding.dynamic_trees",
            "Xiong et al. 2024, DySpec: Faster Speculative Decoding with Dynamic Token Tree "
            "Structure, arXiv:2410.11744",
        ),
        _neural(
            "S056",
            "decoding.layer_schedule",
            "Del Corro et al. 2023, SkipDecode: Autoregressive Skip Decoding with Batching and "
            "Caching for Efficient LLM Inference, arXiv:2307.02628",
        ),
        _neural(
            "S134",
            "decoding.routing",
            "Fu et al. 2025, R2R: Efficiently Navigating Divergent Reasoning Paths with "
            "Small-Large Model Token Routing, arXiv:2505.21600",
        ),
        Entry(
            "S057",
            "experiments.surgery.redwhale:EXPERIMENT",
            "Vo et al. 2024, RedWhale: An Adapted Korean LLM Through Efficient Continual "
            "Pretraining, arXiv:2408.11294",
            systems=("S057",),
            extra="neural",
        ),
        Entry(
            "S063",
            "experiments.learning.information_theoretic:EXPERIMENT",
            "Erdogan, Gorle, Chandak, Pilanci, Weissman 2026, An information-theoretic "
            "perspective on LLM tokenizers, arXiv:2601.09039",
            systems=("S063",),
        ),
        Entry(
            "S065",
            "experiments.measuring.inequities:EXPERIMENT",
            "Arnett, Chang, Biderman, Bergen 2025, Explaining and Mitigating Crosslingual "
            "Tokenizer Inequities, arXiv:2510.21909",
            systems=("S065",),
        ),
        Entry(
            "S077",
            "experiments.learning.equal_info:EXPERIMENT",
            "Lester, Lee, Alemi, Pennington, Roberts, Sohl-Dickstein, Constant 2024, Training "
            "LLMs over Neurally Compressed Text, arXiv:2404.03626",
            systems=("S077",),
            extra="neural",
        ),
        Entry(
            "S081",
            "experiments.transfer.projected_numbers:EXPERIMENT",
            "X-Token: Projection-Guided Cross-Tokenizer Knowledge Distillation, arXiv:2605.21699",
            systems=("S081",),
            extra="neural",
        ),
        Entry(
            "S083",
            "experiments.surgery.cabrita:EXPERIMENT",
            "Larcher et al. 2023, Cabrita: closing the gap for foreign languages, arXiv:2308.11878",
            systems=("S083",),
            extra="neural",
        ),
        Entry(
            "S085",
            "experiments.learning.turkish_morphs:EXPERIMENT",
            "Bayram, Fincan, Gümüş, Karakaş, Diri, Yıldırım, Çelik 2025, Tokens with Meaning: "
            "A Hybrid Tokenization Approach for NLP, arXiv:2508.14292",
            systems=("S085",),
        ),
        Entry(
            "S087",
            "experiments.domains.executables:EXPERIMENT",
            "Bommarito 2025, Binary BPE: A Family of Cross-Platform Tokenizers for Binary "
            "Analysis, arXiv:2511.17573",
            systems=("S087",),
        ),
        Entry(
            "S089",
            "experiments.corpus.difficult_code:EXPERIMENT",
            "Lv et al. 2025, Data-efficient LLM Fine-tuning for Code Generation, arXiv:2504.12687",
            systems=("S089",),
            extra="neural",
        ),
        Entry(
            "S094",
            "experiments.measuring.information_capacity:EXPERIMENT",
            "Yuan et al. 2025, Information Capacity: Evaluating the Efficiency of Large Language "
            "Models via Text Compression, arXiv:2511.08066",
            systems=("S094",),
            extra="neural",
        ),
        Entry(
            "S095",
            "experiments.corpus.predictive_strength:EXPERIMENT",
            "Shum et al. 2025, Predictive Data Selection: The Data That Predicts Is the Data That "
            "Teaches, arXiv:2503.00808",
            systems=("S095",),
            extra="neural",
        ),
        Entry(
            "S097",
            "experiments.corpus.skill_graph:EXPERIMENT",
            "Li et al. 2025, MASS: Mathematical Data Selection via Skill Graphs for Pretraining "
            "Large Language Models, arXiv:2503.14917",
            systems=("S097",),
            extra="neural",
        ),
        Entry(
            "S102",
            "experiments.corpus.fixed_data:EXPERIMENT",
            "Kim et al. 2025, Pre-training under infinite compute, arXiv:2509.14786",
            systems=("S102",),
            extra="neural",
        ),
        _neural(
            "S096",
            "decoding.unmasking",
            "Jazbec et al. 2025, Learning Unmasking Policies for Diffusion Language Models, "
            "arXiv:2512.09106",
        ),
        Entry(
            "S110",
            "experiments.transfer.pruned_model:EXPERIMENT",
            "Tang et al. 2024, Rethinking Optimization and Architecture for Tiny Language Models, "
            "arXiv:2402.02791",
            systems=("S110",),
            extra="neural",
        ),
        Entry(
            "S114",
            "experiments.domains.programs:EXPERIMENT",
            "Kadosh et al. 2023, Scope is all you need: Transforming LLMs for HPC Code, "
            "arXiv:2308.09440",
            systems=("S114",),
            extra="neural",
        ),
        Entry(
            "S121",
            "experiments.measuring.threads:EXPERIMENT",
            "Roberts, Han, Albanie 2024, Needle Threading: Can LLMs Follow Threads through "
            "Near-Million-Scale Haystacks?, arXiv:2411.05000",
            systems=("S121",),
            extra="neural",
        ),
        Entry(
            "S126",
            "experiments.domains.layouts:EXPERIMENT",
            "Yang et al. 2024, PosterLLaVa: Constructing a Unified Multi-modal Layout Generator "
            "with LLM, arXiv:2406.02884",
            systems=("S126",),
            extra="neural",
        ),
        Entry(
            "S127",
            "experiments.domains.chat_marks:EXPERIMENT",
            "Tan, Wang 2024, 1.5-Pints Technical Report: Pretraining in Days, Not Months -- Your "
            "Language Model Thrives on Quality Data, arXiv:2408.03506",
            systems=("S127",),
            extra="neural",
        ),
        Entry(
            "S128",
            "experiments.domains.parse_then_place:EXPERIMENT",
            "Lin et al. 2023, A Parse-Then-Place Approach for Generating Graphic Layouts from "
            "Textual Descriptions, arXiv:2308.12700",
            systems=("S128",),
            extra="neural",
        ),
        Entry(
            "S130",
            "experiments.domains.traffic:EXPERIMENT",
            "Guthula, Beltiukov, Battula, Guo, Gupta, Monga 2023, netFound: Foundation Model for "
            "Network Security, arXiv:2310.17025",
            systems=("S130",),
            extra="neural",
        ),
        Entry(
            "S131",
            "experiments.learning.mixtures:EXPERIMENT",
            "Diao et al. 2025, CLIMB: CLustering-based Iterative Data Mixture Bootstrapping for "
            "Language Model Pre-training, arXiv:2504.13161",
            systems=("S131",),
        ),
        Entry(
            "S138",
            "experiments.transfer.matching_pursuit:EXPERIMENT",
            "Goddard, Fernandes Neto 2025, Training-Free Tokenizer Transplantation via Orthogonal "
            "Matching Pursuit, arXiv:2506.06607",
            systems=("S138",),
            extra="neural",
        ),
        Entry(
            "S139",
            "experiments.corpus.rated_documents:EXPERIMENT",
            "Peng et al. 2025, DataMan: Data Manager for Pre-training Large Language Models, "
            "arXiv:2502.19363",
            systems=("S139",),
            extra="neural",
        ),
        Entry(
            "S140",
            "experiments.measuring.token_forcing:EXPERIMENT",
            "Hoscilowicz, Popiolek, Rudkowski, Bieniasz, Janicki 2024, Hiding Text in Large "
            "Language Models: Introducing Unconditional Token Forcing Confusion, arXiv:2406.02481",
            systems=("S140",),
            extra="neural",
        ),
        Entry(
            "S143",
            "experiments.measuring.replaced_tokens:EXPERIMENT",
            "Zhao, Shan 2024, ReAGent: Towards A Model-agnostic Feature Attribution Method for "
            "Generative Language Models, arXiv:2402.00794",
            systems=("S143",),
            extra="neural",
        ),
        Entry(
            "S147",
            "experiments.learning.compound_piece:EXPERIMENT",
            "Minixhofer, Pfeiffer, Vulić 2023, CompoundPiece: Evaluating and Improving "
            "Decompounding Performance of Language Models, arXiv:2305.14214",
            systems=("S147",),
        ),
        Entry(
            "S152",
            "experiments.decoding.weighted_rejection:EXPERIMENT",
            "Lipkin et al. 2025, Fast Controlled Generation from Language Models with Adaptive "
            "Weighted Rejection Sampling, arXiv:2504.05410",
            systems=("S152",),
        ),
        Entry(
            "S159",
            "experiments.corpus.selection:EXPERIMENT",
            "Albalak et al. 2024, A Survey on Data Selection for Language Models, arXiv:2402.16827",
            systems=("S159",),
            extra="neural",
        ),
        Entry(
            "S013",
            "experiments.measuring.markov_sources:EXPERIMENT",
            "Rajaraman, Jiao, Ramchandran 2024, Toward a Theory of Tokenization in LLMs, "
            "arXiv:2404.08335",
            systems=("S013",),
            extra="neural",
        ),
        Entry(
            "S082",
            "experiments.measuring.inverse_permutation:EXPERIMENT",
            "Alur, Raghavan, Shah 2025, The Impossibility of Inverse Permutation Learning in "
            "Transformer Models, arXiv:2509.24125",
            systems=("S082",),
            extra="neural",
        ),
        Entry(
            "S020",
            "experiments.measuring.counting:EXPERIMENT",
            "Zhang, Cao, You 2024, Counting Ability of Large Language Models and Impact of "
            "Tokenization, arXiv:2410.19730",
            systems=("S020",),
            extra="neural",
        ),
        Entry(
            "S155",
            "experiments.measuring.token_concepts:EXPERIMENT",
            "Shani, Jurafsky, LeCun, Shwartz-Ziv 2025, From Tokens to Thoughts: How LLMs and "
            "Humans Trade Compression for Meaning, arXiv:2505.17117",
            systems=("S155",),
        ),
        Entry(
            "glitches",
            "experiments.measuring.undertrained_ids:EXPERIMENT",
            "Land, Bartolo 2024, Fishing for Magikarp: Automatically Detecting Under-trained "
            "Tokens in Large Language Models, arXiv:2405.05417",
            extra="neural",
        ),
        Entry(
            "S145",
            "experiments.measuring.generated_text:EXPERIMENT",
            "Das, De Langis, Martin-Boyle, Kim et al. 2024, Under the Surface: Tracking the "
            "Artifactuality of LLM-Generated Data, arXiv:2401.14698",
            systems=("S145",),
            extra="neural",
        ),
        Entry(
            "S144",
            "experiments.measuring.concurrence:EXPERIMENT",
            "Sun, Williams, Hupkes 2023, The Validity of Evaluation Results: Assessing "
            "Concurrence Across Compositionality Benchmarks, arXiv:2310.17514",
            systems=("S144",),
            extra="neural",
        ),
        Entry(
            "S048",
            "experiments.measuring.lemmas:EXPERIMENT",
            "Toporkov, Agerri 2024, On the Role of Morphological Information for Contextual "
            "Lemmatization, arXiv:2302.00407",
            systems=("S048",),
            extra="neural",
        ),
        Entry(
            "S024",
            "experiments.measuring.regional_stories:EXPERIMENT",
            "Patil, Gupta, et al. 2025, Regional Tiny Stories: Using Small Models to Compare "
            "Language Learning and Tokenizer Performance, arXiv:2504.07989",
            systems=("S024",),
            extra="neural",
        ),
        Entry(
            "S007",
            "experiments.measuring.untrained_encoders:EXPERIMENT",
            "AlKhamissi, Tuckute, Bosselut, Schrimpf 2024, Brain-Like Language Processing via "
            "a Shallow Untrained Multihead Attention Network, arXiv:2406.15109",
            systems=("S007",),
            extra="neural",
        ),
        Entry(
            "boundless",
            "experiments.learning.boundless:EXPERIMENT",
            "Schmidt, Reddy, Tanner, Pinter 2025, Boundless Byte Pair Encoding: Breaking the "
            "Pre-tokenization Barrier, arXiv:2504.00178",
        ),
        Entry(
            "parity",
            "experiments.learning.parity:EXPERIMENT",
            "Foroutan, Meister, Paul, Niklaus, Ahmadi, Bosselut, Sennrich 2025, Parity-aware "
            "byte-pair encoding, arXiv:2508.04796",
        ),
        Entry(
            "picky",
            "experiments.learning.picky:EXPERIMENT",
            "Chizhov, Arnett, Korotkova, Yamshchikov 2024, BPE Gets Picky: Efficient "
            "Vocabulary Refinement During Tokenizer Training, arXiv:2409.04599",
        ),
        Entry(
            "initialisers",
            "experiments.transfer.initialisers:EXPERIMENT",
            "Gee et al. 2022, Fast Vocabulary Transfer for Language Model Compression, "
            "arXiv:2402.09977",
            extra="neural",
        ),
        Entry(
            "retok",
            "experiments.transfer.retok:EXPERIMENT",
            "Gu et al. 2024, ReTok: Replacing Tokenizer to Enhance Representation Efficiency in "
            "Large Language Model, arXiv:2410.04335",
            extra="neural",
        ),
        Entry(
            "drafts",
            "experiments.transfer.drafts:EXPERIMENT",
            "Leviathan, Kalman, Matias 2023, Fast Inference from Transformers via Speculative "
            "Decoding, arXiv:2211.17192",
            extra="neural",
        ),
        Entry(
            "genlm",
            "experiments.decoding.beside_genlm:EXPERIMENT",
            "Vieira et al. 2024, From Language Models over Tokens to Language Models over "
            "Characters, arXiv:2412.03719; Lipkin et al. 2025, arXiv:2504.05410",
            extra="neural",
        ),
        Entry(
            "packing",
            "experiments.shards.packing:EXPERIMENT",
            "Ding et al. 2024, Fewer Truncations Improve Language Modeling, arXiv:2404.10830",
        ),
    ),
    StudyError,
)
"""An id is that of a system in docs/systems.tsv, where the claim is of one."""
